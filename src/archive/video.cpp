#include "archive/video.h"

#include <chrono>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "base/error.h"

namespace meridian::archive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLargestSide = 4096;  // pixels
constexpr int kPatience = 5000;     // milliseconds, for a stream to answer or go on
constexpr std::string_view kDevices = "/dev/video";

bool is_address(const std::string& source) {
  return source.starts_with("rtsp://") || source.starts_with("rtsps://") || source.starts_with("http://") ||
         source.starts_with("https://");
}

bool is_device(const std::string& source) {
  return source.starts_with(kDevices);
}

cv::VideoCapture open(const std::string& source) {
  if (is_address(source))
    return cv::VideoCapture(
        source, cv::CAP_FFMPEG,
        {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, kPatience, cv::CAP_PROP_READ_TIMEOUT_MSEC, kPatience});
  if (!std::filesystem::exists(source)) throw Error(ErrorCode::not_found, "There is no such video", source);
  return cv::VideoCapture(source, is_device(source) ? cv::CAP_V4L2 : cv::CAP_FFMPEG);
}

vision::ColourImage picture_of(const cv::Mat& frame) {
  vision::ColourImage picture{
      frame.cols, frame.rows,
      std::vector<std::uint8_t>(static_cast<std::size_t>(frame.cols) * frame.rows * 3), std::nullopt};
  cv::Mat pixels(frame.rows, frame.cols, CV_8UC3, picture.pixels.data());
  cv::cvtColor(frame, pixels, cv::COLOR_BGR2RGB);
  return picture;
}

}  // namespace

struct Video::Capture {
  explicit Capture(const std::string& source)
      : source(source), is_live(is_address(source) || is_device(source)), video(open(source)) {}

  double clock() {
    if (!is_live) return video.get(cv::CAP_PROP_POS_MSEC) / 1000;
    if (!first) first = Clock::now();
    return std::chrono::duration<double>(Clock::now() - *first).count();
  }

  std::string source;
  bool is_live;
  cv::VideoCapture video;
  cv::Mat frame;
  std::optional<Clock::time_point> first;
};

Video::Video(const std::string& source) : capture_(std::make_unique<Capture>(source)) {
  if (capture_->video.isOpened()) return;
  if (capture_->is_live)
    throw Error(ErrorCode::unavailable, "The source of the video does not answer", source,
                "See that it is switched on and its address is right");
  throw Error(ErrorCode::unsupported_media_type, "This is no video that can be read", source);
}

Video::~Video() = default;

bool Video::is_live() const {
  return capture_->is_live;
}

std::optional<VideoFrame> Video::next() {
  if (!capture_->video.grab()) return std::nullopt;
  const double seconds = capture_->clock();
  if (!capture_->video.retrieve(capture_->frame) || capture_->frame.empty()) return std::nullopt;
  const cv::Mat& frame = capture_->frame;
  if (frame.cols > kLargestSide || frame.rows > kLargestSide)
    throw Error(ErrorCode::too_large, "The frames of the video are too large", capture_->source,
                "At most 4096 pixels a side are read");
  return VideoFrame{picture_of(frame), seconds};
}

}  // namespace meridian::archive
