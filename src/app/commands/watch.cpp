#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "app/commands/commands.h"
#include "app/progress.h"
#include "archive/video.h"
#include "assistants/assistants.h"
#include "base/error.h"
#include "engine/live/frame_feed.h"
#include "engine/live/live_reader.h"
#include "engine/live/look_along.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

struct Sighting {
  double from = 0, to = 0;  // seconds
  double confidence = 0;    // the highest
  double at = 0;            // seconds, of the highest
};

class Watch {
 public:
  Watch(const engine::Assistant& assistant, bool json) : reader_(assistant), json_(json) {}

  void play(std::unique_ptr<archive::Video> video) {
    const auto show = [this](engine::FrameFeed::Captured captured, std::vector<vision::Track> tracks) {
      note(captured, tracks);
    };
    if (video->is_live()) {
      engine::FrameFeed feed(std::move(video));
      return engine::look_along([&] { return feed.take(); }, reader_, show);
    }
    std::int64_t number = 0;
    engine::look_along(
        [&]() -> std::optional<engine::FrameFeed::Captured> {
          auto frame = video->next();
          if (!frame) return {};
          return engine::FrameFeed::Captured{std::move(*frame), Clock::now(), ++number};
        },
        reader_, show);
  }

  void finish() {
    progress_.end();
    if (json_ || delays_.empty()) return;
    for (const auto& [id, seen] : seen_)
      std::printf("%4d  %8.2f s to %8.2f s  confidence %.2f at %.2f s\n", id, seen.from, seen.to,
                  seen.confidence, seen.at);
    std::ranges::sort(delays_);
    const double total = std::chrono::duration<double>(Clock::now() - begun_).count();
    std::printf("%zu frames, %.1f frames/s, delay %.0f ms (p50), %.0f ms (p99)\n", delays_.size(),
                static_cast<double>(delays_.size()) / total, delays_[delays_.size() / 2] * 1e3,
                delays_[delays_.size() * 99 / 100] * 1e3);
  }

 private:
  void note(const engine::FrameFeed::Captured& captured, const std::vector<vision::Track>& tracks) {
    const double seconds = captured.frame.seconds;
    delays_.push_back(std::chrono::duration<double>(Clock::now() - captured.at).count());
    for (const vision::Track& track : tracks) note(track, seconds);
    if (json_) print(tracks, seconds);
    if (!json_) progress_.show(static_cast<std::int64_t>(delays_.size()), 0);
  }

  void note(const vision::Track& track, double seconds) {
    const auto [found, is_new] = seen_.try_emplace(track.id, Sighting{seconds, seconds, 0, seconds});
    Sighting& seen = found->second;
    seen.to = seconds;
    if (track.confidence > seen.confidence) seen.confidence = track.confidence, seen.at = seconds;
  }

  static void print(const std::vector<vision::Track>& tracks, double seconds) {
    std::printf("%s\n",
                Json::object({{"seconds", seconds}, {"tracks", engine::to_json(tracks)}}).dump().c_str());
    std::fflush(stdout);
  }

  engine::LiveReader reader_;
  bool json_;
  Progress progress_{"Watching", "frames"};
  Clock::time_point begun_ = Clock::now();
  std::vector<double> delays_;
  std::map<int, Sighting> seen_;
};

}  // namespace

void watch(const WatchOptions& options) {
  const auto assistants = assistants::all();
  Watch watch(assistants::named(assistants, options.assistant), options.json);
  try {
    watch.play(std::make_unique<archive::Video>(options.source, "the video"));
  } catch (const Error&) {
    watch.finish();  // what was seen until the line broke
    throw;
  }
  watch.finish();
}

}  // namespace meridian::app
