#include "assistants/ecg/rhythm_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kEarly = 0.85, kLate = 1.15;  // of the median RR interval

constexpr std::array<std::string_view, 23> kOwnNames{"sdnn_over_rr",
                                                     "shortest_rr",
                                                     "longest_rr",
                                                     "pnn50",
                                                     "early_beats",
                                                     "late_beats",
                                                     "ventricular",
                                                     "supraventricular",
                                                     "usable_part",
                                                     "p_share",
                                                     "p_alike",
                                                     "p_log_height",
                                                     "p_off_distance",
                                                     "p_distance_spread",
                                                     "p_log_out_of_rest",
                                                     "pr",
                                                     "qrs",
                                                     "qt",
                                                     "pauses",
                                                     "shortest_step",
                                                     "r",
                                                     "t",
                                                     "rr_trend"};

double share(std::size_t count, std::size_t of) {
  return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
}

double share_of(char name, const std::string& classes) {
  return share(static_cast<std::size_t>(std::count(classes.begin(), classes.end(), name)), classes.size());
}

double part_where(const std::vector<double>& values, double low, double high) {
  return share(static_cast<std::size_t>(std::count_if(values.begin(), values.end(),
                                                      [&](double x) { return x > low && x < high; })),
               values.size());
}

// Median of one of the P waves' features; of what was taken for one, whether the model holds it for one or
// not.
double p_feature(const signal::Delineation& waves, std::size_t index) {
  std::vector<double> values;
  for (const signal::PWaveFeatures& features : waves.p_features)
    if (features != signal::PWaveFeatures{}) values.push_back(features[index]);
  return signal::median(std::move(values));
}

double p_share(const signal::Delineation& waves) {
  const auto& beats = waves.global.beats;
  return share(static_cast<std::size_t>(std::count_if(beats.begin(), beats.end(),
                                                      [](const auto& beat) { return beat.p.has_value(); })),
               beats.size());
}

// How the RR intervals of the second half differ from those of the first.
double trend(const std::vector<double>& rr, double middle) {
  const auto half = rr.begin() + static_cast<std::ptrdiff_t>(rr.size() / 2);
  return (signal::median(std::vector<double>(half, rr.end())) -
          signal::median(std::vector<double>(rr.begin(), half))) /
         middle;
}

double smallest_step(const std::vector<double>& rr) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < rr.size(); ++i) steps.push_back(std::fabs(rr[i] - rr[i - 1]));
  return signal::quantile_in_place(steps, 0.1);
}

}  // namespace

std::span<const std::string_view> rhythm_feature_names() {
  static const std::vector<std::string_view> names = [] {
    const auto first = signal::fibrillation_feature_names();
    std::vector<std::string_view> all(first.begin(), first.end());
    all.insert(all.end(), kOwnNames.begin(), kOwnNames.end());
    return all;
  }();
  return names;
}

std::vector<double> rhythm_features(const Analysis& analysis) {
  if (!analysis.waves || !analysis.measured || !analysis.fibrillation_features ||
      analysis.intervals.size() < 2)
    return {};
  const signal::RrStatistics& rr = analysis.rr;
  const double middle = rr.median;
  std::vector<double> values(analysis.fibrillation_features->begin(), analysis.fibrillation_features->end());
  const signal::EcgIntervals& intervals = analysis.measured->intervals;
  const auto& leads = analysis.measured->leads;
  const std::array<double, kOwnNames.size()> own{rr.sdnn / middle,
                                                 rr.shortest / middle,
                                                 rr.longest / middle,
                                                 rr.pnn50,
                                                 part_where(analysis.intervals, 0, kEarly * middle),
                                                 part_where(analysis.intervals, kLate * middle, 1e9),
                                                 share_of('V', analysis.classes),
                                                 share_of('S', analysis.classes),
                                                 analysis.usable_part,
                                                 p_share(*analysis.waves),
                                                 p_feature(*analysis.waves, 0),
                                                 p_feature(*analysis.waves, 1),
                                                 p_feature(*analysis.waves, 2),
                                                 p_feature(*analysis.waves, 3),
                                                 p_feature(*analysis.waves, 5),
                                                 intervals.pr.value_or(0),
                                                 intervals.qrs.value_or(0),
                                                 intervals.qt.value_or(0),
                                                 static_cast<double>(analysis.pauses.size()),
                                                 smallest_step(analysis.intervals) / middle,
                                                 leads.empty() ? 0 : leads.front().qrs.r,
                                                 leads.empty() ? 0 : leads.front().t,
                                                 trend(analysis.intervals, middle)};
  values.insert(values.end(), own.begin(), own.end());
  return values;
}

}  // namespace meridian::assistants::ecg
