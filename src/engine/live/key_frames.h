// The frames of a live examination that show best what was followed: one a thing.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "vision/image.h"
#include "vision/tracker.h"

namespace meridian::engine {

struct LiveFrame {
  std::int64_t number = 0;  // from 1, of all that came
  double seconds = 0;       // since the first
  vision::ColourImage picture;
  std::vector<vision::Track> tracks;
  double delay = 0;  // seconds from when it came until the tracks were known
};

class KeyFrames {
 public:
  struct Choice {
    std::shared_ptr<const LiveFrame> frame;
    vision::Track track;  // as it was seen on the frame
    double score = 0;     // confidence times sharpness times the share of the picture that its box covers
  };

  // Of each thing on the frame: whether it shows it better than any before.
  void look(const std::shared_ptr<const LiveFrame>& frame);
  // The best frame of each thing, in the order in which they came. Those of the lowest scores are left out
  // beyond 64 MiB of pictures, but for one.
  const std::vector<Choice>& choices() const { return choices_; }

 private:
  void drop_worst();

  std::vector<Choice> choices_;
};

}  // namespace meridian::engine
