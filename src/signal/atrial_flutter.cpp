#include "signal/atrial_flutter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/resample.h"

namespace meridian::signal {
namespace {

constexpr std::array<std::string_view, 5> kLeads{"II", "III", "aVF", "V1", "MLII"};
constexpr double kBefore = 0.06, kAfter = 0.1;        // s, of a QRS complex, which is bridged
constexpr double kLowest = 3, kHighest = 15;          // Hz
constexpr double kWorkingFrequency = 250;             // Hz
constexpr double kShortest = 0.17, kLongest = 0.262;  // s, of a flutter wave
constexpr double kLeastCorrelation = 0.9, kMostHalf = 0.2;
constexpr double kLeastShared = 0.15;  // of the recording, that is compared
constexpr std::size_t kFewestBeats = 4;

// One lead without its QRS complexes.
class BetweenComplexes {
 public:
  BetweenComplexes(std::vector<float> samples, double frequency, std::span<const std::int64_t> beats)
      : samples_(std::move(samples)), seen_(samples_.size(), 1) {
    fill_gaps(samples_);
    const auto last = static_cast<std::int64_t>(samples_.size()) - 1;
    const auto places = [&](double seconds) { return std::llround(seconds * frequency); };
    for (const std::int64_t beat : beats)
      bridge(std::clamp<std::int64_t>(beat - places(kBefore), 0, last),
             std::clamp<std::int64_t>(beat + places(kAfter), 0, last));
    filter_zero_phase(samples_, std::array{high_pass(kLowest, frequency), low_pass(kHighest, frequency)});
  }

  // With itself so many samples later, where both are seen; 0 where too little is.
  double correlation(std::size_t lag) const {
    double product = 0, early = 0, late = 0, shared = 0;
    for (std::size_t i = lag; i < samples_.size(); ++i) {
      if (!seen_[i] || !seen_[i - lag]) continue;
      const auto a = static_cast<double>(samples_[i - lag]), b = static_cast<double>(samples_[i]);
      product += a * b;
      early += a * a;
      late += b * b;
      ++shared;
    }
    if (shared < kLeastShared * static_cast<double>(samples_.size()) || !(early * late > 0)) return 0;
    return product / std::sqrt(early * late);
  }

 private:
  void bridge(std::int64_t from, std::int64_t to) {
    const float first = samples_[static_cast<std::size_t>(from)],
                last = samples_[static_cast<std::size_t>(to)];
    const auto width = static_cast<float>(std::max<std::int64_t>(1, to - from));
    for (std::int64_t i = from; i <= to; ++i) {
      samples_[static_cast<std::size_t>(i)] = std::lerp(first, last, static_cast<float>(i - from) / width);
      seen_[static_cast<std::size_t>(i)] = 0;
    }
  }

  std::vector<float> samples_;
  std::vector<char> seen_;
};

}  // namespace

std::optional<AtrialFlutter> find_flutter(const Recording& recording, std::span<const std::int64_t> beats) {
  if (beats.size() < kFewestBeats || recording.length() == 0) return std::nullopt;
  const auto factor =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(recording.sampling_frequency / kWorkingFrequency));
  const double frequency = recording.sampling_frequency / static_cast<double>(factor);
  std::vector<std::int64_t> places;
  for (const std::int64_t beat : beats) places.push_back(beat / factor);
  std::optional<AtrialFlutter> best;
  for (const Lead& lead : recording.leads) {
    if (std::ranges::find(kLeads, lead.name) == kLeads.end()) continue;
    const BetweenComplexes between(
        factor == 1 ? lead.samples : decimate(lead.samples, static_cast<std::size_t>(factor)), frequency,
        places);
    const auto shortest = static_cast<std::size_t>(std::ceil(kShortest * frequency));
    const auto longest = static_cast<std::size_t>(kLongest * frequency);
    for (std::size_t lag = shortest; lag <= longest; ++lag) {
      const double found = between.correlation(lag);
      if (found < kLeastCorrelation || (best && found <= best->correlation)) continue;
      if (between.correlation(lag / 2) > kMostHalf) continue;
      best = AtrialFlutter{lead.name, 60 * frequency / static_cast<double>(lag), found};
    }
  }
  return best;
}

}  // namespace meridian::signal
