#include "engine/live/frame_feed.h"

#include <utility>

namespace meridian::engine {

FrameFeed::FrameFeed(std::unique_ptr<archive::Video> video)
    : video_(std::move(video)), thread_([this](const std::stop_token& stop) { play(stop); }) {}

FrameFeed::~FrameFeed() = default;

std::optional<FrameFeed::Captured> FrameFeed::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return newest_ || ended_; });
  if (newest_) return std::exchange(newest_, std::nullopt);
  if (failure_) std::rethrow_exception(failure_);
  return std::nullopt;
}

void FrameFeed::stop() {
  thread_.request_stop();
}

bool FrameFeed::wait_until(const std::stop_token& stop, Clock::time_point moment) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, moment, [] { return false; });
  return !stop.stop_requested();
}

void FrameFeed::play(const std::stop_token& stop) {
  std::exception_ptr failure;
  try {
    const Clock::time_point begun = Clock::now();
    for (std::int64_t number = 1; !stop.stop_requested(); ++number) {
      std::optional<archive::VideoFrame> frame = video_->next();
      if (!frame) break;
      // A device keeps time itself.
      const auto due =
          begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(frame->seconds));
      if (!video_->is_live() && !wait_until(stop, due)) break;
      const std::lock_guard lock(mutex_);
      newest_ = Captured{std::move(*frame), Clock::now(), number};
      changed_.notify_all();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  ended_ = true;
  changed_.notify_all();
}

}  // namespace meridian::engine
