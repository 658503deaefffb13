#include "signal/heart_rate_variability.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>
#include <numeric>

namespace meridian::signal {
namespace {

constexpr double kShortest = 0.3, kLongest = 2, kLargestChange = 0.2;
constexpr double kStretch = 300, kLeastCovered = 240;        // s
constexpr double kColumn = 1.0 / 128;                        // s
constexpr double kGrid = 0.25;                               // s, of the evenly sampled intervals
constexpr double kVeryLow = 0.04, kLow = 0.15, kHigh = 0.4;  // Hz, upper ends

using Intervals = std::span<const NormalInterval>;

double mean_of(Intervals intervals) {
  double sum = 0;
  for (const NormalInterval& one : intervals) sum += one.length;
  return sum / static_cast<double>(intervals.size());
}

double deviation_of(Intervals intervals) {
  const double mean = mean_of(intervals);
  double squares = 0;
  for (const NormalInterval& one : intervals) squares += (one.length - mean) * (one.length - mean);
  return std::sqrt(squares / static_cast<double>(intervals.size() - 1));
}

bool neighbours(const NormalInterval& before, const NormalInterval& after) {
  return after.end - after.length - before.end < 1e-6;
}

void add_differences(Intervals intervals, HeartRateVariability& result) {
  double sum = 0, squares = 0, count = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    if (!neighbours(intervals[i - 1], intervals[i])) continue;
    const double difference = intervals[i].length - intervals[i - 1].length;
    sum += difference;
    squares += difference * difference;
    result.nn50 += std::fabs(difference) > 0.05 ? 1 : 0;
    ++count;
  }
  if (count == 0) return;
  result.rmssd = 1000 * std::sqrt(squares / count);
  result.pnn50 = static_cast<double>(result.nn50) / count;
  if (count > 1) result.sdsd = 1000 * std::sqrt(std::max(0.0, squares - sum * sum / count) / (count - 1));
}

using Columns = std::map<long, std::size_t>;

Columns columns_of(Intervals intervals) {
  Columns columns;
  for (const NormalInterval& one : intervals) ++columns[std::lround(one.length / kColumn)];
  return columns;
}

// How many columns away from the highest one, upwards or downwards, the straight line from its top that fits
// the others best ends.
long reach_of(const Columns& columns, long highest, long direction) {
  const auto height = [&](long column) {
    const auto found = columns.find(column);
    return found == columns.end() ? 0.0 : static_cast<double>(found->second);
  };
  const long last = direction > 0 ? columns.rbegin()->first : columns.begin()->first;
  const long farthest = std::abs(last - highest) + 1;
  long best = 1;
  double smallest = -1;
  for (long reach = 1; reach <= farthest; ++reach) {
    double error = 0;
    for (long k = 1; k <= farthest; ++k) {
      const double line =
          height(highest) * std::max(0.0, 1 - static_cast<double>(k) / static_cast<double>(reach));
      const double miss = height(highest + direction * k) - line;
      error += miss * miss;
    }
    if (smallest >= 0 && error >= smallest) continue;
    smallest = error;
    best = reach;
  }
  return best;
}

void add_geometry(Intervals intervals, HeartRateVariability& result) {
  const Columns columns = columns_of(intervals);
  const auto highest = std::max_element(columns.begin(), columns.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  result.triangular_index = static_cast<double>(intervals.size()) / static_cast<double>(highest->second);
  const long base = reach_of(columns, highest->first, 1) + reach_of(columns, highest->first, -1);
  result.tinn = 1000 * kColumn * static_cast<double>(base);
}

// The whole stretches of 5 minutes, of those intervals that end in each.
std::vector<Intervals> stretches_of(Intervals intervals) {
  std::vector<Intervals> stretches;
  for (auto from = intervals.begin(); from != intervals.end();) {
    const double number = std::floor(from->end / kStretch);
    const auto to = std::find_if(from, intervals.end(), [&](const NormalInterval& one) {
      return std::floor(one.end / kStretch) != number;
    });
    const Intervals stretch(from, to);
    if (mean_of(stretch) * static_cast<double>(stretch.size()) >= kLeastCovered) stretches.push_back(stretch);
    from = to;
  }
  return stretches;
}

// Sampled every quarter of a second by straight lines between the intervals, without the mean and under a
// window of Hann.
std::vector<double> evenly_sampled(Intervals stretch) {
  const double start = stretch.front().end;
  const auto count = static_cast<std::size_t>((stretch.back().end - start) / kGrid);
  std::vector<double> samples;
  std::size_t next = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const double time = start + kGrid * static_cast<double>(i);
    while (next + 1 < stretch.size() && stretch[next].end < time) ++next;
    const NormalInterval &a = stretch[next - 1], &b = stretch[next];
    samples.push_back(std::lerp(a.length, b.length, (time - a.end) / (b.end - a.end)));
  }
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double phase = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    samples[i] = (samples[i] - mean) * (1 - std::cos(phase)) / std::sqrt(1.5);  // the power stays the same
  }
  return samples;
}

void add_spectrum(Intervals stretch, HeartRateVariability& result) {
  const std::vector<double> samples = evenly_sampled(stretch);
  const double seconds = kGrid * static_cast<double>(samples.size());
  for (std::size_t turns = 1; static_cast<double>(turns) / seconds <= kHigh; ++turns) {
    const double frequency = static_cast<double>(turns) / seconds, power = 1e6 * power_at(samples, turns);
    (frequency <= kVeryLow ? result.very_low : frequency <= kLow ? result.low : result.high) += power;
  }
}

}  // namespace

double power_at(std::span<const double> samples, std::size_t turns) {
  const auto count = static_cast<double>(samples.size());
  const double twice_cosine = 2 * std::cos(2 * std::numbers::pi * static_cast<double>(turns) / count);
  double last = 0, before = 0;
  for (const double x : samples) {
    const double now = x + twice_cosine * last - before;
    before = last;
    last = now;
  }
  return 2 * (last * last + before * before - twice_cosine * last * before) / (count * count);
}

std::vector<NormalInterval> normal_intervals(std::span<const std::int64_t> beats, std::string_view classes,
                                             double sampling_frequency) {
  std::vector<NormalInterval> intervals;
  double before = 0;  // the last interval between two normal beats, whether it was taken or not
  for (std::size_t i = 1; i < std::min(beats.size(), classes.size()); ++i) {
    if (classes[i] != 'N' || classes[i - 1] != 'N') continue;
    const double length = static_cast<double>(beats[i] - beats[i - 1]) / sampling_frequency;
    const bool jumps = before > 0 && std::fabs(length - before) > kLargestChange * before;
    before = length;
    if (length < kShortest || length > kLongest || jumps) continue;
    intervals.push_back({static_cast<double>(beats[i]) / sampling_frequency, length});
  }
  return intervals;
}

HeartRateVariability heart_rate_variability(std::span<const NormalInterval> intervals) {
  HeartRateVariability result;
  result.intervals = intervals.size();
  if (intervals.size() < 2) return result;
  result.sdnn = 1000 * deviation_of(intervals);
  add_geometry(intervals, result);
  add_differences(intervals, result);
  std::vector<NormalInterval> means;
  double deviations = 0;
  for (const Intervals stretch : stretches_of(intervals)) {
    means.push_back({0, mean_of(stretch)});
    deviations += 1000 * deviation_of(stretch);
    add_spectrum(stretch, result);
  }
  result.stretches = means.size();
  if (means.empty()) return result;
  if (means.size() > 1) result.sdann = 1000 * deviation_of(means);
  result.sdnn_index = deviations / static_cast<double>(means.size());
  for (double* sum : {&result.very_low, &result.low, &result.high}) *sum /= static_cast<double>(means.size());
  return result;
}

}  // namespace meridian::signal
