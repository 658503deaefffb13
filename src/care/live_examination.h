// A moving picture that is examined as it comes, with an assistant looking along.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "engine/live/frame_feed.h"
#include "engine/live/key_frames.h"
#include "engine/live/live_reader.h"

namespace meridian::care {

using engine::LiveFrame;

class LiveExamination {
 public:
  // What there is to be seen: a frame; or why there are no more; or, with neither, that the video has ended.
  struct Sight {
    std::shared_ptr<const LiveFrame> frame;
    std::shared_ptr<const Error> failure;
  };
  using Show = std::function<void(const Sight&)>;

  // Begins at once. The assistant outlives it. Throws what engine::LiveReader throws.
  LiveExamination(std::unique_ptr<archive::Video> video, const engine::Assistant& assistant);
  ~LiveExamination();
  LiveExamination(const LiveExamination&) = delete;
  LiveExamination& operator=(const LiveExamination&) = delete;

  // Its own, not shared with another: what is kept from it belongs together.
  const std::string& id() const { return id_; }
  // Soon: who waits is told that it has ended. Does not wait itself.
  void stop() { feed_.stop(); }
  // Whether its thread is done: nobody is shown anything any more, and it may be destroyed wherever. Until
  // then it must not be destroyed by who is shown a frame, so somebody else keeps it.
  bool ended() const { return over_; }

  // Shows the newest frame after the one of that number, once: now, or on the examination's own thread as
  // soon as there is one. Who asks again after each frame sees as many as they can take.
  void next(std::int64_t after, Show show);
  // The frames that show best what was followed so far, to be kept or dropped by a person.
  std::vector<engine::KeyFrames::Choice> key_frames() const;
  // One of the last frames or of the key frames; nothing when it is too long ago.
  std::shared_ptr<const LiveFrame> recent(std::int64_t number) const;

 private:
  void run();
  Sight watch();  // until the end, which it gives
  void show(engine::FrameFeed::Captured captured, std::vector<vision::Track> tracks);
  void publish(const Sight& sight);

  const std::string id_;
  engine::LiveReader reader_;
  engine::FrameFeed feed_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const LiveFrame>> recent_;
  engine::KeyFrames key_frames_;
  std::optional<Sight> end_;
  std::vector<Show> waiting_;
  std::atomic<bool> over_ = false;
  std::jthread thread_;
};

}  // namespace meridian::care
