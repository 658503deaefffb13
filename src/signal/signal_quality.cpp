#include "signal/signal_quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/range.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr float kFlat = 0.01f;                                     // mV, peak to peak
constexpr float kWander = 2.0f;                                    // mV a second, of the baseline
constexpr double kBaselineHighest = 0.7, kBaselineFrequency = 10;  // Hz
constexpr double kActivitySeconds = 0.06;
constexpr std::size_t kActivityStep = 3;     // samples; the activity is smooth
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

// Means of blocks of a tenth of a second, low-passed: what is left of a lead below 0.7 Hz.
std::vector<float> baseline_of(std::span<const float> samples, double frequency) {
  const auto block = std::max<std::size_t>(1, static_cast<std::size_t>(frequency / kBaselineFrequency));
  std::vector<float> baseline;
  for (std::size_t from = 0; from < samples.size(); from += block) {
    const auto part = samples.subspan(from, std::min(block, samples.size() - from));
    baseline.push_back(std::accumulate(part.begin(), part.end(), 0.0f) / static_cast<float>(part.size()));
  }
  filter_zero_phase(baseline, low_pass(kBaselineHighest, frequency / static_cast<double>(block)));
  return baseline;
}

class LeadAssessor {
 public:
  // filled: the samples without gaps; band_passed: these from 5 to 40 Hz. All outlive this.
  LeadAssessor(const Lead& lead, std::span<const float> filled, std::span<const float> band_passed,
               double frequency)
      : samples_(lead.samples),
        second_(static_cast<std::size_t>(std::lround(frequency))),
        frequency_(frequency),
        filled_(filled),
        band_passed_(band_passed),
        baseline_(baseline_of(filled_, frequency)),
        whole_(range_of(filled_)) {}

  std::vector<Quality> assess() {
    std::vector<Quality> seconds;
    const std::size_t count = (samples_.size() + second_ / 2) / second_;
    measure_activity(count);
    for (std::size_t s = 0; s < count; ++s) seconds.push_back(assess_second(s));
    return seconds;
  }

 private:
  std::span<const float> part(std::span<const float> samples, std::size_t s) const {
    const std::size_t from = s * second_;
    return samples.subspan(from, std::min(second_, samples.size() - from));
  }

  void measure_activity(std::size_t count) {
    std::vector<float> values;                                       // of one second
    std::size_t next = 0, end = std::min(second_, samples_.size());  // the next to be taken; of the second
    const auto take = [&](std::size_t i, float mean) {
      if (i == next) {
        values.push_back(mean);
        next += kActivityStep;
      }
      if (i + 1 < end) return;
      if (highest_.size() < count) {
        highest_.push_back(*std::max_element(values.begin(), values.end()));
        typical_.push_back(quantile_in_place(values, 0.5));
      }
      values.clear();
      next = end;
      end = std::min(end + second_, samples_.size());
    };
    for_each_mean(
        band_passed_, static_cast<std::size_t>(kActivitySeconds * frequency_),
        [](float x) { return std::fabs(x); }, take);
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
    if (is_saturated(values, range)) return Quality::saturated;
    const std::size_t from = s >= kNeighbourSeconds ? s - kNeighbourSeconds : 0;
    const std::size_t to = std::min(highest_.size(), s + kNeighbourSeconds + 1);
    const float highest = median(std::vector<float>(highest_.begin() + static_cast<std::ptrdiff_t>(from),
                                                    highest_.begin() + static_cast<std::ptrdiff_t>(to)));
    if (typical_[s] > kNoisy * std::max(highest, kQuiet * usual_highest_)) return Quality::noisy;
    const Range baseline = range_of(baseline_in(s));
    return baseline.high - baseline.low > kWander ? Quality::wandering : Quality::good;
  }

  std::span<const float> baseline_in(std::size_t s) const {
    const std::size_t size = baseline_.size(), from = s * second_ * size / samples_.size();
    const std::size_t to = std::min(size, (s + 1) * second_ * size / samples_.size() + 1);
    return std::span(baseline_).subspan(from, to - from);
  }

  bool is_saturated(std::span<const float> values, const Range& range) const {
    if (whole_.high - whole_.low < kLargestWithoutRail) return false;
    if (range.high < whole_.high && range.low > whole_.low) return false;
    return static_cast<double>(longest_held(values, whole_)) > kHeldSeconds * frequency_;
  }

  const std::vector<float>& samples_;
  std::size_t second_;
  double frequency_;
  std::span<const float> filled_, band_passed_;
  std::vector<float> baseline_, highest_, typical_;
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
  const double frequency = recording.sampling_frequency;
  std::vector<std::vector<float>> filled, band_passed;  // filled: of leads that have gaps
  for (const Lead& lead : recording.leads) {
    band_passed.push_back(lead.samples);
    const bool has_gaps = fill_gaps(band_passed.back()) > 0;
    filled.push_back(has_gaps ? band_passed.back() : std::vector<float>());
  }
  filter_zero_phase(band_passed, std::array{high_pass(5, frequency), low_pass(40, frequency)});
  for (std::size_t l = 0; l < recording.leads.size(); ++l) {
    const Lead& lead = recording.leads[l];
    LeadAssessor assessor(lead, filled[l].empty() ? lead.samples : filled[l], band_passed[l], frequency);
    result.push_back({lead.name, assessor.assess()});
  }
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
