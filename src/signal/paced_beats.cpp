#include "signal/paced_beats.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kLeastFrequency = 200;                    // Hz
constexpr double kCurvatureReach = 0.0028;                 // s, to both sides
constexpr double kBefore = 0.15, kAfter = 0.028;           // s from the beat, where the spike may be
constexpr double kRise = 0.014;                            // s, up and back again
constexpr double kSpikeHalf = 0.017;                       // s around the spike, which are its own
constexpr double kRestReach = 0.1, kComplexReach = 0.16;   // s before and after the spike
constexpr double kLevelFrom = 0.083, kLevelTo = 0.019;     // s before the spike
constexpr float kLeastCurvature = 0.12f;                   // mV
constexpr float kAlone = 2;                                // times the curvature of all else around
constexpr float kFoot = 0.3f, kBack = 0.3f;                // of its height
constexpr float kLeastComplex = 0.15f, kMostRest = 0.25f;  // mV, mean; of the complex after it
constexpr std::size_t kFewest = 3, kOneIn = 50;            // beats
constexpr std::size_t kLeadsInThree = 3;                   // one of three must show the spike

class SpikeSearch {
 public:
  SpikeSearch(const std::vector<float>& samples, double frequency)
      : samples_(samples),
        reach_(places(kCurvatureReach, frequency)),
        before_(places(kBefore, frequency)),
        after_(places(kAfter, frequency)),
        rise_(places(kRise, frequency)),
        half_(places(kSpikeHalf, frequency)),
        rest_(places(kRestReach, frequency)),
        complex_(places(kComplexReach, frequency)),
        level_from_(places(kLevelFrom, frequency)),
        level_to_(places(kLevelTo, frequency)) {}

  bool is_paced(std::int64_t beat) const {
    const std::int64_t first = beat - before_ - rest_ - reach_, last = beat + after_ + complex_ + reach_;
    if (first < 0 || last >= static_cast<std::int64_t>(samples_.size())) return false;
    const std::int64_t spike = sharpest(beat - before_, beat + after_);
    const float own = curvature(spike);
    if (!(own >= kLeastCurvature)) return false;  // also where samples are missing
    const float level = level_before(spike), height = std::fabs(at(spike) - level);
    if (std::fabs(at(spike - rise_) - level) > kFoot * height) return false;
    float back = 0;
    for (std::int64_t i = spike + 1; i <= spike + rise_; ++i)
      back = std::max(back, std::fabs(at(i) - at(spike)));
    if (back < kBack * height) return false;
    const float others = std::max(highest_curvature(spike - rest_, spike - half_),
                                  highest_curvature(spike + half_, spike + complex_));
    if (own < kAlone * others) return false;
    const float complex = mean_distance(spike + half_, spike + complex_, level);
    return complex > kLeastComplex &&
           mean_distance(spike - rest_, spike - half_, level) < kMostRest * complex;
  }

 private:
  static std::int64_t places(double seconds, double frequency) {
    return std::max<std::int64_t>(1, std::llround(seconds * frequency));
  }
  float at(std::int64_t place) const { return samples_[static_cast<std::size_t>(place)]; }
  float curvature(std::int64_t place) const {
    return std::fabs(2 * at(place) - at(place - reach_) - at(place + reach_));
  }

  std::int64_t sharpest(std::int64_t from, std::int64_t to) const {
    std::int64_t best = from;
    for (std::int64_t i = from; i < to; ++i)
      if (curvature(i) > curvature(best)) best = i;
    return best;
  }

  float highest_curvature(std::int64_t from, std::int64_t to) const {
    float highest = 0;
    for (std::int64_t i = from; i < to; ++i) highest = std::max(highest, curvature(i));
    return highest;
  }

  float level_before(std::int64_t spike) const {
    return median(
        std::vector<float>(samples_.begin() + (spike - level_from_), samples_.begin() + (spike - level_to_)));
  }

  float mean_distance(std::int64_t from, std::int64_t to, float level) const {
    float sum = 0;
    for (std::int64_t i = from; i < to; ++i) sum += std::fabs(at(i) - level);
    return sum / static_cast<float>(to - from);
  }

  const std::vector<float>& samples_;
  const std::int64_t reach_, before_, after_, rise_, half_, rest_, complex_, level_from_, level_to_;
};

}  // namespace

std::vector<char> find_paced_beats(const Recording& recording, std::span<const std::int64_t> beats) {
  std::vector<char> paced(beats.size(), 0);
  if (recording.sampling_frequency < kLeastFrequency) return paced;
  const std::size_t needed = std::max<std::size_t>(1, recording.leads.size() / kLeadsInThree);
  std::vector<std::size_t> leads(beats.size(), 0);
  for (const Lead& lead : recording.leads) {
    const SpikeSearch search(lead.samples, recording.sampling_frequency);
    for (std::size_t i = 0; i < beats.size(); ++i)
      if (leads[i] < needed && search.is_paced(beats[i])) ++leads[i];
  }
  for (std::size_t i = 0; i < beats.size(); ++i) paced[i] = leads[i] >= needed ? 1 : 0;
  const auto count = static_cast<std::size_t>(std::count(paced.begin(), paced.end(), 1));
  if (count < kFewest || count * kOneIn < beats.size()) std::fill(paced.begin(), paced.end(), 0);
  return paced;
}

}  // namespace meridian::signal
