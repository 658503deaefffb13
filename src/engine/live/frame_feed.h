// The newest frame of a video as it plays, for who may be too slow to see all of them.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "archive/video.h"

namespace meridian::engine {

class FrameFeed {
 public:
  using Clock = std::chrono::steady_clock;

  struct Captured {
    archive::VideoFrame frame;
    Clock::time_point at;     // when it came
    std::int64_t number = 0;  // from 1; of all frames that came
  };

  // Plays it at its own speed on a thread of the feed.
  explicit FrameFeed(std::unique_ptr<archive::Video> video);
  ~FrameFeed();
  FrameFeed(const FrameFeed&) = delete;
  FrameFeed& operator=(const FrameFeed&) = delete;

  // Waits for a frame that was not taken before, and gives the newest. Nothing when the video has ended, or
  // was stopped. Throws what reading it threw.
  std::optional<Captured> take();
  // Whoever waits is told that it has ended.
  void stop();

 private:
  void play(const std::stop_token& stop);
  bool wait_until(const std::stop_token& stop, Clock::time_point moment);

  std::unique_ptr<archive::Video> video_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Captured> newest_;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;
};

}  // namespace meridian::engine
