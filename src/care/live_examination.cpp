#include "care/live_examination.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"

namespace meridian::care {
namespace {

// A person presses a key at what they have just seen.
constexpr std::size_t kFramesKept = 16;

double seconds_since(engine::FrameFeed::Clock::time_point moment) {
  return std::chrono::duration<double>(engine::FrameFeed::Clock::now() - moment).count();
}

}  // namespace

LiveExamination::LiveExamination(std::unique_ptr<archive::Video> video, const engine::Assistant& assistant,
                                 std::string modality)
    : feed_(std::move(video)), reader_(assistant, std::move(modality)), thread_([this] { run(); }) {}

LiveExamination::~LiveExamination() {
  stop();
}

bool LiveExamination::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void LiveExamination::run() {
  try {
    while (auto captured = feed_.take()) {
      auto frame = std::make_shared<LiveFrame>();
      frame->number = captured->number;
      frame->seconds = captured->frame.seconds;
      frame->tracks = reader_.look(captured->frame.picture);
      frame->picture = std::move(captured->frame.picture);
      frame->delay = seconds_since(captured->at);
      publish(std::move(frame));
    }
  } catch (const std::exception& error) {
    log_error("live-examination-failed", {{"reason", error.what()}});
  }
  publish(nullptr);
}

void LiveExamination::publish(std::shared_ptr<const LiveFrame> frame) {
  std::vector<Show> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (frame)
      recent_.push_back(frame);
    else
      ended_ = true, recent_.clear();
    if (recent_.size() > kFramesKept) recent_.pop_front();
    waiting = std::exchange(waiting_, {});
  }
  for (const Show& show : waiting) show(frame);
}

void LiveExamination::next(std::int64_t after, Show show) {
  std::shared_ptr<const LiveFrame> newest;
  {
    const std::lock_guard lock(mutex_);
    if (!recent_.empty() && recent_.back()->number > after) newest = recent_.back();
    if (!newest && !ended_) return waiting_.push_back(std::move(show));
  }
  show(newest);
}

std::shared_ptr<const LiveFrame> LiveExamination::recent(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(recent_, number, &LiveFrame::number);
  return found == recent_.end() ? nullptr : *found;
}

}  // namespace meridian::care
