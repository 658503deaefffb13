#include "signal/t_waves.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"
#include "signal/wave_boundaries.h"

namespace meridian::signal {
namespace {

// The peak is looked for from 60 ms after the QRS complex until the longest QT time, which grows with the
// root of the RR interval (Bazett 1920), but never in its last part, where the next P wave comes.
constexpr double kFirstSeconds = 0.06, kLongestQtc = 0.5, kQtSpare = 0.04, kLargestRrPart = 0.72;
constexpr double kLongestRr = 1.5;                       // s; beyond, QT grows no more
constexpr double kBeforeNext = 0.04, kNarrowest = 0.06;  // s
constexpr double kHalfWidth = 0.13, kFlankReach = 0.16;  // s from the peak to rest; to the steepest place
constexpr double kLeadPeakReach = 0.04;                  // s from the global peak
constexpr double kUsualRr = 0.8;                         // s, of a recording with one beat

// The highest local maximum, or the highest value where there is none; both ends excluded.
std::int64_t highest_peak(std::span<const float> samples, std::int64_t from, std::int64_t to) {
  std::int64_t best = from, highest = from;
  for (std::int64_t i = from + 1; i < to; ++i) {
    const float x = sample_at(samples, i);
    if (x > sample_at(samples, highest)) highest = i;
    const bool maximum = x >= sample_at(samples, i - 1) && x > sample_at(samples, i + 1);
    if (maximum && (best == from || x > sample_at(samples, best))) best = i;
  }
  return best == from ? highest : best;
}

}  // namespace

TWaves::TWaves(const WaveLeads& leads, std::span<const std::pair<std::int64_t, std::int64_t>> qrs)
    : leads_(leads), qrs_(qrs), fused_(leads.fused_waves(qrs)) {
  std::vector<double> intervals;
  for (std::size_t k = 0; k + 1 < qrs.size(); ++k)
    intervals.push_back(leads.seconds(qrs[k + 1].first - qrs[k].first));
  const double usual = intervals.empty() ? kUsualRr : median(std::move(intervals));
  for (std::size_t k = 0; k < qrs.size(); ++k) global_.push_back(find(k, usual));
}

std::optional<Wave> TWaves::find(std::size_t beat, double usual_rr) const {
  const bool last = beat + 1 == qrs_.size();
  const auto [onset, offset] = qrs_[beat];
  const double rr = last ? usual_rr : leads_.seconds(qrs_[beat + 1].first - onset);
  const double longest = kLongestQtc * std::sqrt(std::min(rr, kLongestRr)) + kQtSpare;
  std::int64_t to = onset + leads_.samples_of(std::min(longest, kLargestRrPart * rr));
  to = std::min(to, leads_.length() - 1);
  if (!last) to = std::min(to, qrs_[beat + 1].first - leads_.samples_of(kBeforeNext));
  const std::int64_t from = offset + leads_.samples_of(kFirstSeconds);
  if (to - from < leads_.samples_of(kNarrowest)) return std::nullopt;
  return around(fused_, beat, highest_peak(fused_, from, to));
}

Wave TWaves::around(std::span<const float> samples, std::size_t beat, std::int64_t peak) const {
  const std::int64_t half = leads_.samples_of(kHalfWidth), reach = leads_.samples_of(kFlankReach);
  std::int64_t latest = std::min(leads_.length() - 1, peak + half);
  if (beat + 1 < qrs_.size()) latest = std::min(latest, qrs_[beat + 1].first - 1);
  const std::int64_t earliest = std::max(qrs_[beat].second, peak - half);
  return {wave_end(samples, peak, earliest, reach), peak, wave_end(samples, peak, latest, reach)};
}

Wave TWaves::in_lead(const WaveLead& lead, std::size_t beat) const {
  const std::int64_t middle = global_[beat]->peak, reach = leads_.samples_of(kLeadPeakReach);
  std::int64_t peak = middle;
  for (std::int64_t i = std::max(qrs_[beat].second, middle - reach);
       i <= std::min(leads_.length() - 1, middle + reach); ++i)
    if (std::fabs(sample_at(lead.waves, i)) > std::fabs(sample_at(lead.waves, peak))) peak = i;
  return around(lead.waves, beat, peak);
}

}  // namespace meridian::signal
