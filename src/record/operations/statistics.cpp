#include "record/operations/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace meridian::record {
namespace {

using Values = std::vector<double>;  // sorted
using Compute = std::optional<double> (*)(const Values&);

double sum(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double mean(const Values& values) {
  return sum(values) / static_cast<double>(values.size());
}

double quantile(const Values& values, double part) {
  const double place = part * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

std::optional<double> variance(const Values& values) {
  if (values.size() < 2) return {};
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return squares / static_cast<double>(values.size() - 1);
}

std::optional<double> deviation(const Values& values) {
  const auto squared = variance(values);
  return squared ? std::optional(std::sqrt(*squared)) : std::nullopt;
}

// The mean of the powers of the distances from the mean.
double moment(const Values& values, int power) {
  const double middle = mean(values);
  double powers = 0;
  for (const double value : values) powers += std::pow(value - middle, power);
  return powers / static_cast<double>(values.size());
}

// Of values that are all the same, neither is defined.
std::optional<double> skewness(const Values& values) {
  if (values.front() == values.back()) return {};
  return moment(values, 3) / std::pow(moment(values, 2), 1.5);
}

std::optional<double> kurtosis(const Values& values) {
  if (values.front() == values.back()) return {};
  return moment(values, 4) / std::pow(moment(values, 2), 2);
}

std::optional<double> quartile_deviation(const Values& values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
}

template <int Percent>
std::optional<double> percentile(const Values& values) {
  return quantile(values, Percent / 100.0);
}

std::optional<double> average(const Values& values) {
  return mean(values);
}
std::optional<double> total(const Values& values) {
  return sum(values);
}
std::optional<double> smallest(const Values& values) {
  return values.front();
}
std::optional<double> largest(const Values& values) {
  return values.back();
}
std::optional<double> number(const Values& values) {
  return static_cast<double>(values.size());
}

struct Statistic {
  std::string_view code;
  Compute compute;
};
constexpr std::array<Statistic, 19> kStatistics{{{"average", average},
                                                 {"maximum", largest},
                                                 {"minimum", smallest},
                                                 {"count", number},
                                                 {"sum", total},
                                                 {"median", percentile<50>},
                                                 {"std-dev", deviation},
                                                 {"variance", variance},
                                                 {"20-percent", percentile<20>},
                                                 {"80-percent", percentile<80>},
                                                 {"4-lower", percentile<25>},
                                                 {"4-upper", percentile<75>},
                                                 {"4-dev", quartile_deviation},
                                                 {"5-1", percentile<20>},
                                                 {"5-2", percentile<40>},
                                                 {"5-3", percentile<60>},
                                                 {"5-4", percentile<80>},
                                                 {"skew", skewness},
                                                 {"kurtosis", kurtosis}}};

const Statistic* find(std::string_view code) {
  const auto found = std::ranges::find(kStatistics, code, &Statistic::code);
  return found == kStatistics.end() ? nullptr : &*found;
}

}  // namespace

bool is_statistic(std::string_view code) {
  return find(code) != nullptr;
}

bool is_plain_number(std::string_view code) {
  return code == "count" || code == "total-count" || code == "skew" || code == "kurtosis";
}

std::optional<double> statistic(std::string_view code, std::vector<double> values) {
  const Statistic* known = find(code);
  if (!known || values.empty()) return {};
  std::sort(values.begin(), values.end());
  return known->compute(values);
}

}  // namespace meridian::record
