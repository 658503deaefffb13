#include "vision/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "base/error.h"

namespace meridian::vision {
namespace {

constexpr double kNormal95 = 1.959964;  // 97.5th percentile of the standard normal distribution
constexpr std::size_t kBins = 10;       // of calibration
constexpr std::size_t kDraws = 1000;

// The share of the sorted scores that lie below the score, ties counted half.
double placement(double score, const std::vector<double>& sorted) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), score);
  const double below = static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
  return below / static_cast<double>(sorted.size());
}

std::vector<double> placements(std::span<const double> scores, std::span<const double> others) {
  std::vector<double> sorted(others.begin(), others.end()), result;
  std::sort(sorted.begin(), sorted.end());
  for (const double score : scores) result.push_back(placement(score, sorted));
  return result;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The variance of the mean of independent values.
double variance_of_mean(const std::vector<double>& values) {
  const double centre = mean(values), count = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum / (count - 1) / count;
}

}  // namespace

Interval roc_auc(std::span<const double> positives, std::span<const double> negatives) {
  if (positives.empty() || negatives.empty())
    throw Error(ErrorCode::invalid_value, "An AUC needs scores of both classes");
  const std::vector<double> of_positives = placements(positives, negatives);
  const double value = mean(of_positives);
  if (positives.size() < 2 || negatives.size() < 2) return {value, 0, 1};
  const double variance = variance_of_mean(of_positives) + variance_of_mean(placements(negatives, positives));
  const double half = kNormal95 * std::sqrt(variance);
  return {value, std::max(0.0, value - half), std::min(1.0, value + half)};
}

Interval roc_auc_gain(std::span<const double> positives, std::span<const double> negatives,
                      std::span<const double> other_positives, std::span<const double> other_negatives) {
  if (positives.size() != other_positives.size() || negatives.size() != other_negatives.size() ||
      positives.size() < 2 || negatives.size() < 2)
    throw Error(ErrorCode::invalid_value, "Two scores are compared on the same cases, two of each class");
  const auto differences = [](const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> result(a.size());
    std::ranges::transform(a, b, result.begin(), std::minus<>());
    return result;
  };
  const std::vector<double> of_positives =
      differences(placements(positives, negatives), placements(other_positives, other_negatives));
  const std::vector<double> of_negatives =
      differences(placements(negatives, positives), placements(other_negatives, other_positives));
  const double value = mean(of_positives);
  const double half = kNormal95 * std::sqrt(variance_of_mean(of_positives) + variance_of_mean(of_negatives));
  return {value, std::max(-1.0, value - half), std::min(1.0, value + half)};
}

Interval grouped_mean(std::span<const double> values, std::span<const std::string> groups) {
  if (values.empty() || values.size() != groups.size())
    throw Error(ErrorCode::invalid_value, "A mean needs values, each in a group");
  std::map<std::string, std::pair<double, double>> sums;  // of each group: sum and count
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& [sum, count] = sums[groups[i]];
    sum += values[i];
    ++count;
    total += values[i];
  }
  std::vector<std::pair<double, double>> all;
  for (const auto& [group, sum] : sums) all.push_back(sum);
  std::mt19937_64 random(1);
  std::vector<double> drawn(kDraws);
  for (double& one : drawn) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& group = all[random() % all.size()];
      sum += group.first;
      count += group.second;
    }
    one = sum / count;
  }
  std::ranges::sort(drawn);
  return {total / static_cast<double>(values.size()), drawn[kDraws / 40], drawn[kDraws - 1 - kDraws / 40]};
}

Interval proportion(int successes, int trials) {
  if (trials <= 0 || successes < 0 || successes > trials)
    throw Error(ErrorCode::invalid_value,
                "A share needs at least one trial and no more successes than trials");
  const double n = trials, share = successes / n, z2 = kNormal95 * kNormal95;
  const double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal95 / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {share, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double calibration_error(std::span<const double> positives, std::span<const double> negatives) {
  std::vector<std::pair<double, int>> scores;
  for (const double score : positives) scores.emplace_back(score, 1);
  for (const double score : negatives) scores.emplace_back(score, 0);
  if (scores.empty()) throw Error(ErrorCode::invalid_value, "A calibration error needs scores");
  std::sort(scores.begin(), scores.end());
  double error = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    double stated = 0, seen = 0;  // sums over the bin
    for (std::size_t i = bin * scores.size() / kBins; i < (bin + 1) * scores.size() / kBins; ++i) {
      stated += scores[i].first;
      seen += scores[i].second;
    }
    error += std::abs(stated - seen);
  }
  return error / static_cast<double>(scores.size());
}

}  // namespace meridian::vision
