#include "signal/beat_features.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr float kSmallestSpread = 0.01f;  // s
constexpr float kTiny = 0.02f;            // of the recording's QRS

constexpr std::string_view kNames[kBeatFeatures] = {"rr_before",        "rr_after",
                                                    "log_before_after", "rr_before_previous",
                                                    "rr_after_next",    "rr_before_median",
                                                    "irregularity",     "local_rr",
                                                    "prematurity",      "dominant_alike",
                                                    "previous_alike",   "next_alike",
                                                    "group_share",      "group_premature",
                                                    "group_rr_before",  "log_size",
                                                    "log_width",        "width",
                                                    "p_alike",          "p_difference",
                                                    "log_p_size",       "t_alike",
                                                    "t_difference",     "qrs_difference",
                                                    "usual_width"};

struct GroupTiming {
  float share = 0, premature = 0, rr_before = 0;  // of the beats; of its members; mean, relative to around
};

std::vector<GroupTiming> group_timings(const ShapeGroups& groups, const BeatTiming& timing) {
  std::vector<GroupTiming> result(groups.means.size());
  for (std::size_t i = 0; i < groups.group_of.size(); ++i) {
    GroupTiming& group = result[groups.group_of[i]];
    group.share += 1;
    group.premature += timing.premature(i) ? 1 : 0;
    group.rr_before += timing.before(i) / timing.local[i];
  }
  for (GroupTiming& group : result) {
    group.premature /= std::max(1.0f, group.share);
    group.rr_before /= std::max(1.0f, group.share);
    group.share /= static_cast<float>(groups.group_of.size());
  }
  return result;
}

// The mean of the dominant group's beats that come on time, in a window.
BeatShape dominant_shape(const BeatShapes& shapes, const ShapeGroups& groups, const BeatTiming& timing,
                         BeatWindow window) {
  BeatShape mean(shapes.shape(0, window).size(), 0);
  float count = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (groups.group_of[i] != groups.dominant || (timing.premature(i) && i > 0)) continue;
    const BeatShape shape = shapes.shape(i, window);
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += shape[k];
    ++count;
  }
  for (float& x : mean) x /= std::max(1.0f, count);
  return mean;
}

float difference(const BeatShape& a, const BeatShape& b) {
  BeatShape rest(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) rest[i] = a[i] - b[i];
  return root_mean_square(rest);
}

float log_ratio(float value, float usual) {
  return std::log((value + kTiny) / (usual + kTiny));
}

std::vector<float> widths_of(const BeatShapes& shapes) {
  std::vector<float> widths;
  for (std::size_t i = 0; i < shapes.size(); ++i) widths.push_back(shapes.width(i));
  return widths;
}

float usual_width(const std::vector<float>& widths, const ShapeGroups& groups) {
  std::vector<float> dominant;
  for (std::size_t i = 0; i < widths.size(); ++i)
    if (groups.group_of[i] == groups.dominant) dominant.push_back(widths[i]);
  return median(std::move(dominant));
}

}  // namespace

std::span<const std::string_view> beat_feature_names() {
  return kNames;
}

std::vector<BeatFeatures> beat_features(const BeatSeries& series) {
  const BeatTiming& timing = series.timing;
  const BeatShapes& shapes = series.shapes;
  const ShapeGroups& groups = series.groups;
  const std::vector<GroupTiming> group_timing = group_timings(groups, timing);
  const BeatShape qrs = dominant_shape(shapes, groups, timing, kQrsWindow);
  const BeatShape p = dominant_shape(shapes, groups, timing, kPWindow);
  const BeatShape t = dominant_shape(shapes, groups, timing, kTWindow);
  const std::vector<float> widths = widths_of(shapes);
  const float width = usual_width(widths, groups);

  std::vector<BeatFeatures> result;
  BeatShape previous = shapes.shape(0, kQrsWindow), own = previous;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const BeatShape next = shapes.shape(std::min(i + 1, series.size() - 1), kQrsWindow);
    const BeatShape own_p = shapes.shape(i, kPWindow), own_t = shapes.shape(i, kTWindow);
    const float local = timing.local[i], before = timing.before(i), after = timing.after(i);
    const GroupTiming& group = group_timing[groups.group_of[i]];
    result.push_back({before / local,
                      after / local,
                      std::log((before + kTiny) / (after + kTiny)),
                      timing.before(i > 0 ? i - 1 : 0) / local,
                      timing.after(std::min(i + 1, series.size() - 1)) / local,
                      before / timing.median_rr,
                      timing.deviation[i] / local,
                      local,
                      (local - before) / (timing.deviation[i] + kSmallestSpread),
                      correlation(own, qrs),
                      correlation(own, previous),
                      correlation(own, next),
                      group.share,
                      group.premature,
                      group.rr_before,
                      log_ratio(root_mean_square(own), root_mean_square(qrs)),
                      log_ratio(widths[i], width),
                      widths[i],
                      correlation(own_p, p),
                      difference(own_p, p),
                      log_ratio(root_mean_square(own_p), root_mean_square(p)),
                      correlation(own_t, t),
                      difference(own_t, t),
                      difference(own, qrs),
                      width});
    previous = std::move(own);
    own = next;
  }
  return result;
}

}  // namespace meridian::signal
