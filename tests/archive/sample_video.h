// A video of a bright square that moves over a dark ground.
#pragma once
#include <filesystem>
#include <opencv2/videoio.hpp>

#include "base/error.h"

namespace meridian::archive {

constexpr int kVideoWidth = 96, kVideoHeight = 64, kVideoFrames = 45;
constexpr double kVideoRate = 30;  // frames a second
constexpr int kSquareSide = 16;

inline int square_left(int frame) {
  return 4 + frame;
}

inline void write_sample_video(const std::filesystem::path& file) {
  cv::VideoWriter writer(file.string(), cv::CAP_OPENCV_MJPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'),
                         kVideoRate, {kVideoWidth, kVideoHeight});
  if (!writer.isOpened())
    throw Error(ErrorCode::internal, "The sample video cannot be written", file.string());
  for (int frame = 0; frame < kVideoFrames; ++frame) {
    cv::Mat picture(kVideoHeight, kVideoWidth, CV_8UC3, cv::Scalar(20, 20, 60));
    picture(cv::Rect(square_left(frame), 24, kSquareSide, kSquareSide)).setTo(cv::Scalar(40, 120, 240));
    writer.write(picture);
  }
}

}  // namespace meridian::archive
