// Things outlined on the frames of a moving picture, each followed from frame to frame: what is drawn neither
// flickers nor jumps.
#pragma once
#include <optional>
#include <vector>

#include "vision/region.h"

namespace meridian::vision {

struct Outlined {
  std::vector<Point> outline;  // corners of a polygon, pixels
  double confidence = 0;       // 0 to 1
};

struct Track {
  int id = 0;                                       // the same from frame to frame, never given again
  std::vector<Point> outline;                       // the newest one
  double left = 0, top = 0, right = 0, bottom = 0;  // the box around it, smoothed, pixels
  double confidence = 0;                            // smoothed
};

class Tracker {
 public:
  // What is to be shown now that this frame was looked at, the most certain first. A thing is shown once it
  // was seen on 3 of 5 frames, and until it was missed on 6 frames one after another (0.1 and 0.2 s of a
  // picture of 30 frames a second). An outline with fewer than 3 corners is nothing.
  std::vector<Track> update(const std::vector<Outlined>& seen);

 private:
  struct Followed {
    Track track;
    unsigned recent = 0;  // a bit a frame, the newest the lowest: 1 where it was seen
    int missed = 0;       // frames one after another
    bool shown = false;
  };
  void note(const std::vector<Outlined>& seen);
  void begin(const Outlined& outlined);

  std::vector<Followed> followed_;
  int last_id_ = 0;
};

}  // namespace meridian::vision
