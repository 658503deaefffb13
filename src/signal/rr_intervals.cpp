#include "signal/rr_intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kShortest = 0.2, kLongest = 3;  // s

}  // namespace

std::vector<double> rr_intervals(std::span<const std::int64_t> beats, double sampling_frequency) {
  std::vector<double> intervals;
  for (std::size_t i = 1; i < beats.size(); ++i) {
    const double seconds = static_cast<double>(beats[i] - beats[i - 1]) / sampling_frequency;
    if (seconds >= kShortest && seconds <= kLongest) intervals.push_back(seconds);
  }
  return intervals;
}

RrStatistics rr_statistics(std::span<const double> intervals) {
  RrStatistics result;
  result.count = intervals.size();
  if (intervals.empty()) return result;
  const auto n = static_cast<double>(intervals.size());
  result.mean = std::accumulate(intervals.begin(), intervals.end(), 0.0) / n;
  result.median = median(std::vector<double>(intervals.begin(), intervals.end()));
  result.shortest = *std::min_element(intervals.begin(), intervals.end());
  result.longest = *std::max_element(intervals.begin(), intervals.end());
  double squares = 0, successive = 0, above = 0;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    squares += (intervals[i] - result.mean) * (intervals[i] - result.mean);
    if (i == 0) continue;
    const double difference = intervals[i] - intervals[i - 1];
    successive += difference * difference;
    above += std::fabs(difference) > 0.05 ? 1 : 0;
  }
  if (intervals.size() < 2) return result;
  result.sdnn = std::sqrt(squares / (n - 1));
  result.rmssd = std::sqrt(successive / (n - 1));
  result.pnn50 = above / (n - 1);
  return result;
}

}  // namespace meridian::signal
