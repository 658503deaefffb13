#include "engine/live/key_frames.h"

#include <algorithm>
#include <cmath>

#include "vision/sharpness.h"

namespace meridian::engine {
namespace {

constexpr std::size_t kMostBytes = std::size_t(64) << 20;  // of pictures
// A frame takes the place of another when it is this much better: the two look alike otherwise, and each
// change costs.
constexpr double kBetter = 1.1;

double score_of(const LiveFrame& frame, const vision::Track& track) {
  const vision::Box box{static_cast<int>(std::floor(track.left)), static_cast<int>(std::floor(track.top)),
                        static_cast<int>(std::ceil(track.right)), static_cast<int>(std::ceil(track.bottom))};
  const double share = (track.right - track.left) * (track.bottom - track.top) /
                       (static_cast<double>(frame.picture.width) * frame.picture.height);
  return track.confidence * share * vision::sharpness(frame.picture, box);
}

}  // namespace

void KeyFrames::look(const std::shared_ptr<const LiveFrame>& frame) {
  for (const vision::Track& track : frame->tracks) {
    const double score = score_of(*frame, track);
    const auto known =
        std::ranges::find_if(choices_, [&](const Choice& one) { return one.track.id == track.id; });
    if (known == choices_.end())
      choices_.push_back({frame, track, score});
    else if (score > kBetter * known->score)
      *known = {frame, track, score};
  }
  drop_worst();
}

void KeyFrames::drop_worst() {
  const auto bytes = [this] {
    std::size_t sum = 0;
    for (const Choice& one : choices_) sum += one.frame->picture.pixels.size();
    return sum;
  };
  while (choices_.size() > 1 && bytes() > kMostBytes)
    choices_.erase(std::ranges::min_element(choices_, {}, &Choice::score));
}

}  // namespace meridian::engine
