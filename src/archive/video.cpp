#include "archive/video.h"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "base/error.h"

namespace meridian::archive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLargestSide = 4096;   // pixels
constexpr int kPatience = 5000;      // milliseconds, for a stream to answer or go on
constexpr double kLongestWait = 60;  // seconds from one frame of a file to the next
constexpr std::string_view kDevices = "/dev/video";

bool is_address(const std::string& source) {
  return source.starts_with("rtsp://") || source.starts_with("rtsps://") || source.starts_with("http://") ||
         source.starts_with("https://");
}

bool is_device(const std::string& source) {
  return source.starts_with(kDevices);
}

cv::VideoCapture open(const std::string& source, const std::string& name) {
  if (is_address(source))
    return cv::VideoCapture(
        source, cv::CAP_FFMPEG,
        {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, kPatience, cv::CAP_PROP_READ_TIMEOUT_MSEC, kPatience});
  if (!std::filesystem::exists(source)) throw Error(ErrorCode::not_found, "There is no such video", name);
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
  Capture(const std::string& source, const std::string& name)
      : name(name), is_live(is_address(source) || is_device(source)), video(open(source, name)) {}

  double clock() {
    if (!is_live) return clock_of_file();
    if (!first) first = Clock::now();
    return std::chrono::duration<double>(Clock::now() - *first).count();
  }

  double clock_of_file() {
    const double now = video.get(cv::CAP_PROP_POS_MSEC) / 1000;
    if (!begun) begun = now;
    const double seconds = now - *begun;
    if (!std::isfinite(seconds) || seconds < last || seconds > last + kLongestWait)
      throw Error(ErrorCode::invalid_value, "The clock of the video is not possible", name,
                  "Write the video anew at its true rate");
    return last = seconds;
  }

  void require_possible_size(double width, double height) const {
    if (width > kLargestSide || height > kLargestSide)
      throw Error(ErrorCode::too_large, "The frames of the video are too large", name,
                  "At most 4096 pixels a side are read");
  }

  std::string name;
  bool is_live;
  cv::VideoCapture video;
  cv::Mat frame;
  std::optional<Clock::time_point> first;
  std::optional<double> begun;  // what a file's clock said of the first frame, seconds
  double last = 0;              // seconds since then
};

Video::Video(const std::string& source, const std::string& name)
    : capture_(std::make_unique<Capture>(source, name)) {
  const cv::VideoCapture& video = capture_->video;
  if (video.isOpened()) {
    capture_->require_possible_size(video.get(cv::CAP_PROP_FRAME_WIDTH),
                                    video.get(cv::CAP_PROP_FRAME_HEIGHT));
    return;
  }
  if (capture_->is_live)
    throw Error(ErrorCode::unavailable, "The source of the video does not answer", name,
                "See that it is switched on and its address is right");
  throw Error(ErrorCode::unsupported_media_type, "This is no video that can be read", name);
}

Video::~Video() = default;

bool Video::is_live() const {
  return capture_->is_live;
}

std::optional<VideoFrame> Video::next() {
  const bool came = capture_->video.grab();
  if (!came && capture_->is_live)
    throw Error(ErrorCode::unavailable, "The source of the video gives no more pictures", capture_->name,
                "See that it is switched on and its line is whole");
  if (!came) return std::nullopt;
  const double seconds = capture_->clock();
  if (!capture_->video.retrieve(capture_->frame) || capture_->frame.empty()) return std::nullopt;
  const cv::Mat& frame = capture_->frame;
  capture_->require_possible_size(frame.cols, frame.rows);
  return VideoFrame{picture_of(frame), seconds};
}

}  // namespace meridian::archive
