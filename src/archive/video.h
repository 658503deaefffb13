// Frames of a moving picture: of a video file, a capture device or a stream of the network.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "vision/image.h"

namespace meridian::archive {

struct VideoFrame {
  vision::ColourImage picture;
  double seconds =
      0;  // since the first, never before the last one's: by the file's own clock, or when it came
};

class Video {
 public:
  // A path ("colonoscopy.mp4"), a device ("/dev/video0") or an address ("rtsp://tower/stream"). Errors speak
  // of it by the name: an address may hold a password. Throws not_found for a file or device that is not
  // there, unsupported_media_type for what is no video, unavailable for a stream that does not answer,
  // too_large for pictures of more than 4,096 pixels a side.
  Video(const std::string& source, const std::string& name);
  ~Video();
  Video(const Video&) = delete;
  Video& operator=(const Video&) = delete;

  // As it comes, from a device or the network: who is slow misses frames. Of a file every frame is read.
  bool is_live() const;
  // Waits for it. Nothing at the end of the file. Throws unavailable when the device or stream is gone,
  // too_large as above for a frame that is larger than the video said, and invalid_value where a file's clock
  // goes back, or on by more than a minute between two frames: nobody can wait for that.
  std::optional<VideoFrame> next();

 private:
  struct Capture;
  std::unique_ptr<Capture> capture_;
};

}  // namespace meridian::archive
