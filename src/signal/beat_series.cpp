#include "signal/beat_series.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr std::size_t kReach = 10;        // beats before and after that give the rhythm around
constexpr float kPrematureRatio = 0.88f;  // of the RR interval around
constexpr float kShortest = 0.01f;        // s

BeatTiming timing_of(std::span<const std::int64_t> beats, double frequency) {
  BeatTiming timing;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const std::size_t later = std::max<std::size_t>(i, 1);
    timing.rr.push_back(static_cast<float>(static_cast<double>(beats[later] - beats[later - 1]) / frequency));
  }
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const std::size_t from = i > kReach ? i - kReach : 0, to = std::min(beats.size(), i + kReach + 1);
    std::vector<float> around(timing.rr.begin() + static_cast<std::ptrdiff_t>(from),
                              timing.rr.begin() + static_cast<std::ptrdiff_t>(to));
    const float middle = std::max(median(around), kShortest);
    for (float& x : around) x = std::fabs(x - middle);
    timing.local.push_back(middle);
    timing.deviation.push_back(quantile_in_place(around, 0.5));
  }
  timing.median_rr = std::max(median(timing.rr), kShortest);
  return timing;
}

std::vector<char> on_time(const BeatTiming& timing) {
  std::vector<char> result;
  for (std::size_t i = 0; i < timing.rr.size(); ++i) result.push_back(timing.premature(i) ? 0 : 1);
  return result;
}

}  // namespace

bool BeatTiming::premature(std::size_t i) const {
  return rr[i] < kPrematureRatio * local[i];
}

BeatSeries::BeatSeries(std::span<const std::int64_t> beats, const RepeatingActivity& activity)
    : timing(timing_of(beats, activity.sampling_frequency())), shapes(beats, activity) {
  const std::vector<char> timely = on_time(timing);
  groups = group_shapes(shapes, timely);
  shapes.align(groups.means[groups.dominant]);
  groups = group_shapes(shapes, timely);
}

}  // namespace meridian::signal
