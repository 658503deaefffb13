#include "signal/atrial_fibrillation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/rr_intervals.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr std::size_t kFewestBeats = 8;
constexpr double kPWaveFrom = -0.26, kPWaveTo = -0.06, kQrsHalf = 0.06;  // s from the beat

constexpr std::string_view kNames[kFibrillationFeatures] = {
    "mean_rr",          "log_rmssd",       "log_median_difference", "sample_entropy",
    "irregular_part",   "sarkar_evidence", "turning_points",        "early_late_pairs",
    "log_regular_core", "p_repetition",    "log_p_amplitude",       "successive_correlation",
    "qrs_repetition"};

std::vector<double> differences(const std::vector<double>& rr) {
  std::vector<double> result;
  for (std::size_t i = 1; i < rr.size(); ++i) result.push_back(rr[i] - rr[i - 1]);
  return result;
}

double median_of_absolute(std::vector<double> values) {
  for (double& value : values) value = std::fabs(value);
  return median(std::move(values));
}

// Coefficient of sample entropy with m = 1 and r = 30 ms (Lake and Moorman, Am J Physiol Heart 300:H319,
// 2011).
double sample_entropy_coefficient(const std::vector<double>& rr, double mean) {
  constexpr double kTolerance = 0.03;
  double alike = 0, still_alike = 0;
  for (std::size_t i = 0; i + 1 < rr.size(); ++i) {
    for (std::size_t j = i + 1; j + 1 < rr.size(); ++j) {
      if (std::fabs(rr[i] - rr[j]) > kTolerance) continue;
      ++alike;
      if (std::fabs(rr[i + 1] - rr[j + 1]) <= kTolerance) ++still_alike;
    }
  }
  return std::log((alike + 1) / (still_alike + 1)) + std::log(2 * kTolerance) - std::log(mean);
}

// AF evidence from the scatter of successive differences (Sarkar et al., IEEE Trans Biomed Eng 55:1219,
// 2008): cells of 25 ms that hold a point, less the points near the origin, by number of points.
double sarkar_evidence(const std::vector<double>& steps) {
  constexpr double kCell = 0.025, kOrigin = 0.02, kExtent = 0.6;
  std::set<std::pair<int, int>> cells;
  double origin = 0;
  std::size_t points = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const double x = std::clamp(steps[i - 1], -kExtent, kExtent), y = std::clamp(steps[i], -kExtent, kExtent);
    ++points;
    if (std::fabs(x) < kOrigin && std::fabs(y) < kOrigin)
      ++origin;
    else
      cells.emplace(static_cast<int>(std::floor(x / kCell)), static_cast<int>(std::floor(y / kCell)));
  }
  return points == 0 ? 0 : (static_cast<double>(cells.size()) - origin) / static_cast<double>(points);
}

double part_of_turning_points(const std::vector<double>& rr) {
  double turns = 0;
  for (std::size_t i = 1; i + 1 < rr.size(); ++i)
    turns += (rr[i] - rr[i - 1]) * (rr[i + 1] - rr[i]) < 0 ? 1 : 0;
  return turns / static_cast<double>(rr.size() - 2);
}

// An early beat followed by a pause is an extrasystole rather than fibrillation.
double part_of_early_late_pairs(const std::vector<double>& rr, double typical) {
  double pairs = 0;
  for (std::size_t i = 0; i + 1 < rr.size(); ++i)
    pairs += rr[i] < 0.85 * typical && rr[i + 1] > 1.1 * typical ? 1 : 0;
  return pairs / static_cast<double>(rr.size());
}

// The lower quartile of relative differences: near zero where a regular rhythm lies beneath extrasystoles.
double regular_core(std::vector<double> steps, double typical) {
  for (double& step : steps) step = std::fabs(step) / typical;
  return quantile_in_place(steps, 0.25);
}

double successive_correlation(const std::vector<double>& rr, double mean) {
  double product = 0, squares = 0;
  for (std::size_t i = 0; i < rr.size(); ++i) {
    squares += (rr[i] - mean) * (rr[i] - mean);
    if (i > 0) product += (rr[i] - mean) * (rr[i - 1] - mean);
  }
  return product / (squares + 1e-6);
}

// Between samples first and last (relative to the beats) of one lead.
RepeatingActivity::Repetition repetition_of(const std::vector<float>& lead,
                                            std::span<const std::int64_t> beats, std::int64_t first,
                                            std::int64_t last) {
  const auto width = static_cast<std::size_t>(last - first);
  std::vector<double> mean(width, 0.0);
  double energy = 0, count = 0;
  for (const std::int64_t beat : beats) {
    if (beat + first < 0 || beat + last > static_cast<std::int64_t>(lead.size())) continue;
    const float* samples = lead.data() + (beat + first);
    const double level = std::accumulate(samples, samples + width, 0.0) / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) {
      const double value = samples[i] - level;
      mean[i] += value;
      energy += value * value;
    }
    ++count;
  }
  if (count < 2 || !(energy > 0)) return {};
  double repeated = 0;
  for (const double value : mean) repeated += value * value / (count * count);
  // Of n unrelated stretches the mean keeps 1/n of the energy; that is taken off.
  const double share = repeated * count / energy;
  return {std::clamp((share - 1 / count) / (1 - 1 / count), 0.0, 1.0),
          std::sqrt(repeated / static_cast<double>(width))};
}

double log_of_part(double part) {
  return std::log(part + 0.003);
}

}  // namespace

std::span<const std::string_view> fibrillation_feature_names() {
  return kNames;
}

RepeatingActivity::RepeatingActivity(const Recording& recording) : frequency_(recording.sampling_frequency) {
  for (const Lead& lead : recording.leads) {
    std::vector<float> samples = lead.samples;
    fill_gaps(samples);
    leads_.push_back(std::move(samples));
  }
  filter_zero_phase(leads_, std::array{high_pass(1, frequency_), low_pass(25, frequency_)});
}

RepeatingActivity::Repetition RepeatingActivity::repetition(std::span<const std::int64_t> beats, double from,
                                                            double to) const {
  const auto first = static_cast<std::int64_t>(std::lround(from * frequency_));
  const auto last = static_cast<std::int64_t>(std::lround(to * frequency_));
  Repetition best;
  for (const std::vector<float>& lead : leads_) {
    const Repetition found = repetition_of(lead, beats, first, last);
    if (found.part > best.part) best = found;
  }
  return best;
}

std::optional<FibrillationFeatures> fibrillation_features(std::span<const std::int64_t> beats,
                                                          const RepeatingActivity& activity) {
  if (beats.size() < kFewestBeats) return std::nullopt;
  const std::vector<double> rr = rr_intervals(beats, activity.sampling_frequency());
  if (rr.size() + 1 < kFewestBeats) return std::nullopt;
  const RrStatistics statistics = rr_statistics(rr);
  const std::vector<double> steps = differences(rr);
  const double mean = statistics.mean;
  double irregular = 0;
  for (const double step : steps) irregular += std::fabs(step) > 0.1 * mean ? 1 : 0;
  const auto p_wave = activity.repetition(beats, kPWaveFrom, kPWaveTo);
  return FibrillationFeatures{mean,
                              log_of_part(statistics.rmssd / mean),
                              log_of_part(median_of_absolute(steps) / mean),
                              sample_entropy_coefficient(rr, mean),
                              irregular / static_cast<double>(steps.size()),
                              sarkar_evidence(steps),
                              part_of_turning_points(rr),
                              part_of_early_late_pairs(rr, statistics.median),
                              log_of_part(regular_core(steps, statistics.median)),
                              p_wave.part,
                              log_of_part(p_wave.amplitude),
                              successive_correlation(rr, mean),
                              activity.repetition(beats, -kQrsHalf, kQrsHalf).part};
}

}  // namespace meridian::signal
