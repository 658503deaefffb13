#include "care/live_examination.h"

#include <algorithm>

#include "base/id.h"
#include "base/log.h"
#include "engine/live/look_along.h"

namespace meridian::care {
namespace {

// A person presses a key at what they have just seen.
constexpr std::size_t kFramesKept = 16;

double seconds_since(engine::FrameFeed::Clock::time_point moment) {
  return std::chrono::duration<double>(engine::FrameFeed::Clock::now() - moment).count();
}

}  // namespace

LiveExamination::LiveExamination(std::unique_ptr<archive::Video> video, const engine::Assistant& assistant)
    : id_(new_id()), reader_(assistant), feed_(std::move(video)), thread_([this] { run(); }) {}

LiveExamination::~LiveExamination() {
  stop();
}

void LiveExamination::run() {
  publish(watch());
  over_ = true;
}

LiveExamination::Sight LiveExamination::watch() {
  try {
    engine::look_along([this] { return feed_.take(); }, reader_,
                       [this](engine::FrameFeed::Captured captured, std::vector<vision::Track> tracks) {
                         show(std::move(captured), std::move(tracks));
                       });
    return {};
  } catch (const Error& error) {
    log_error("live-examination-failed", {{"reason", error.describe()}});
    return {nullptr, std::make_shared<Error>(error)};
  } catch (const std::exception& error) {
    log_error("live-examination-failed", {{"reason", error.what()}});
    return {nullptr, std::make_shared<Error>(ErrorCode::internal, "The live examination failed",
                                             std::string(), "Begin again; the node's log says more")};
  }
}

void LiveExamination::show(engine::FrameFeed::Captured captured, std::vector<vision::Track> tracks) {
  auto frame = std::make_shared<LiveFrame>();
  frame->number = captured.number;
  frame->seconds = captured.frame.seconds;
  frame->tracks = std::move(tracks);
  frame->picture = std::move(captured.frame.picture);
  frame->delay = seconds_since(captured.at);
  publish({std::move(frame), nullptr});
}

void LiveExamination::publish(const Sight& sight) {
  std::vector<Show> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (sight.frame) {
      recent_.push_back(sight.frame);
      key_frames_.look(sight.frame);
    } else {
      end_ = sight;
    }
    if (recent_.size() > kFramesKept) recent_.pop_front();
    waiting = std::exchange(waiting_, {});
  }
  for (const Show& show : waiting) show(sight);
}

void LiveExamination::next(std::int64_t after, Show show) {
  std::optional<Sight> sight;
  {
    const std::lock_guard lock(mutex_);
    if (!end_ && !recent_.empty() && recent_.back()->number > after)
      sight = Sight{recent_.back(), nullptr};
    else
      sight = end_;
    if (!sight) return waiting_.push_back(std::move(show));
  }
  show(*sight);
}

std::shared_ptr<const LiveFrame> LiveExamination::recent(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(recent_, number, &LiveFrame::number);
  if (found != recent_.end()) return *found;
  for (const engine::KeyFrames::Choice& choice : key_frames_.choices())
    if (choice.frame->number == number) return choice.frame;
  return nullptr;
}

std::vector<engine::KeyFrames::Choice> LiveExamination::key_frames() const {
  const std::lock_guard lock(mutex_);
  return key_frames_.choices();
}

}  // namespace meridian::care
