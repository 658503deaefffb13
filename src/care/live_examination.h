// A moving picture that is examined as it comes, with an assistant looking along.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/live/frame_feed.h"
#include "engine/live/live_reader.h"

namespace meridian::care {

struct LiveFrame {
  std::int64_t number = 0;  // from 1, of all that came
  double seconds = 0;       // since the first
  vision::ColourImage picture;
  std::vector<vision::Track> tracks;
  double delay = 0;  // seconds from when it came until the tracks were known
};

class LiveExamination {
 public:
  // Nothing: the video has ended.
  using Show = std::function<void(const std::shared_ptr<const LiveFrame>&)>;

  // Begins at once. The assistant outlives it.
  LiveExamination(std::unique_ptr<archive::Video> video, const engine::Assistant& assistant,
                  std::string modality);
  ~LiveExamination();
  LiveExamination(const LiveExamination&) = delete;
  LiveExamination& operator=(const LiveExamination&) = delete;

  // Soon: who waits is told that it has ended. Does not wait itself.
  void stop() { feed_.stop(); }
  bool ended() const;

  // Shows the newest frame after the one of that number, once: now, or on the examination's own thread as
  // soon as there is one. Who asks again after each frame sees as many as they can take.
  void next(std::int64_t after, Show show);
  // One of the last frames; nothing when it is too long ago.
  std::shared_ptr<const LiveFrame> recent(std::int64_t number) const;

 private:
  void run();
  void publish(std::shared_ptr<const LiveFrame> frame);

  engine::FrameFeed feed_;
  engine::LiveReader reader_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const LiveFrame>> recent_;
  bool ended_ = false;
  std::vector<Show> waiting_;
  std::jthread thread_;
};

}  // namespace meridian::care
