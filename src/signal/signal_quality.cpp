#include "signal/signal_quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr float kFlat = 0.01f;               // mV, peak to peak
constexpr float kWander = 2.0f;              // mV a second, below 0.7 Hz
constexpr double kHeldSeconds = 0.1;         // at one extreme value
constexpr float kLargestWithoutRail = 1.5f;  // mV; a smaller plateau is no saturation
// Typical activity over the highest of the neighbourhood: about 0.05 to 0.2 in a clean ECG, 0.45 in noise.
constexpr float kNoisy = 0.4f;
// Of the recording's usual highest activity: where there is less, the heart pauses and nothing is noisy.
constexpr float kQuiet = 0.5f;
constexpr std::size_t kNeighbourSeconds = 2;

bool usable(Quality quality) {
  return quality == Quality::good || quality == Quality::wandering;
}

struct Range {
  float low = 0, high = 0;
};

Range range_of(std::span<const float> samples) {
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  return {*low, *high};
}

// The longest run at the highest or the lowest value, in samples.
std::size_t longest_held(std::span<const float> samples, const Range& range) {
  std::size_t longest = 0, run = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool at_limit = samples[i] == range.high || samples[i] == range.low;
    run = at_limit && i > 0 && samples[i] == samples[i - 1] ? run + 1 : (at_limit ? 1 : 0);
    longest = std::max(longest, run);
  }
  return longest;
}

class LeadAssessor {
 public:
  LeadAssessor(const Lead& lead, double frequency)
      : samples_(lead.samples),
        second_(static_cast<std::size_t>(std::lround(frequency))),
        frequency_(frequency) {
    filled_ = samples_;
    fill_gaps(filled_);
    baseline_ = filled_;
    filter_zero_phase(baseline_, low_pass(0.7, frequency));
    activity_ = filled_;
    filter_zero_phase(activity_, std::array{high_pass(5, frequency), low_pass(40, frequency)});
    for (float& x : activity_) x = std::fabs(x);
    activity_ = moving_average(activity_, static_cast<std::size_t>(0.06 * frequency));
    whole_ = range_of(filled_);
  }

  std::vector<Quality> assess() {
    std::vector<Quality> seconds;
    const std::size_t count = (samples_.size() + second_ / 2) / second_;
    measure_activity(count);
    for (std::size_t s = 0; s < count; ++s) seconds.push_back(assess_second(s));
    return seconds;
  }

 private:
  std::span<const float> part(const std::vector<float>& samples, std::size_t s) const {
    const std::size_t from = s * second_;
    return std::span(samples).subspan(from, std::min(second_, samples.size() - from));
  }

  void measure_activity(std::size_t count) {
    for (std::size_t s = 0; s < count; ++s) {
      const auto span = part(activity_, s);
      std::vector<float> values(span.begin(), span.end());
      highest_.push_back(*std::max_element(values.begin(), values.end()));
      typical_.push_back(quantile_in_place(values, 0.5));
    }
    usual_highest_ = median(highest_);
  }

  Quality assess_second(std::size_t s) const {
    const auto raw = part(samples_, s);
    const auto missing = static_cast<std::size_t>(
        std::count_if(raw.begin(), raw.end(), [](float x) { return !std::isfinite(x); }));
    if (2 * missing >= raw.size()) return Quality::missing;
    const auto values = part(filled_, s);
    const Range range = range_of(values);
    if (range.high - range.low < kFlat) return Quality::flat;
    if (is_saturated(values)) return Quality::saturated;
    const std::size_t from = s >= kNeighbourSeconds ? s - kNeighbourSeconds : 0;
    const std::size_t to = std::min(highest_.size(), s + kNeighbourSeconds + 1);
    const float highest = median(std::vector<float>(highest_.begin() + static_cast<std::ptrdiff_t>(from),
                                                    highest_.begin() + static_cast<std::ptrdiff_t>(to)));
    if (typical_[s] > kNoisy * std::max(highest, kQuiet * usual_highest_)) return Quality::noisy;
    const Range baseline = range_of(part(baseline_, s));
    return baseline.high - baseline.low > kWander ? Quality::wandering : Quality::good;
  }

  bool is_saturated(std::span<const float> values) const {
    if (whole_.high - whole_.low < kLargestWithoutRail) return false;
    return static_cast<double>(longest_held(values, whole_)) > kHeldSeconds * frequency_;
  }

  const std::vector<float>& samples_;
  std::size_t second_;
  double frequency_;
  std::vector<float> filled_, baseline_, activity_, highest_, typical_;
  float usual_highest_ = 0;
  Range whole_;
};

}  // namespace

double LeadQuality::good_part() const {
  if (seconds.empty()) return 0;
  return static_cast<double>(std::count_if(seconds.begin(), seconds.end(), usable)) /
         static_cast<double>(seconds.size());
}

std::vector<LeadQuality> assess_quality(const Recording& recording) {
  std::vector<LeadQuality> result;
  if (recording.length() == 0 || !(recording.sampling_frequency >= 1)) return result;
  for (const Lead& lead : recording.leads)
    result.push_back({lead.name, LeadAssessor(lead, recording.sampling_frequency).assess()});
  return result;
}

double usable_part(const std::vector<LeadQuality>& leads) {
  if (leads.empty() || leads.front().seconds.empty()) return 0;
  std::size_t good = 0;
  const std::size_t count = leads.front().seconds.size();
  for (std::size_t s = 0; s < count; ++s)
    good += std::any_of(leads.begin(), leads.end(), [&](const LeadQuality& lead) {
      return s < lead.seconds.size() && usable(lead.seconds[s]);
    });
  return static_cast<double>(good) / static_cast<double>(count);
}

}  // namespace meridian::signal
