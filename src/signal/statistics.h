// Order statistics.
#pragma once
#include <algorithm>
#include <vector>

namespace meridian::signal {

// As below, for numbers that are finite; leaves some of the values, some more than once.
float quantile_in_place(std::vector<float>& values, double part);

// The value below which the given part (0 to 1) of the values lies; 0 of no values. Reorders its argument.
template <typename Number>
Number quantile_in_place(std::vector<Number>& values, double part) {
  if (values.empty()) return Number(0);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

template <typename Number>
Number median(std::vector<Number> values) {
  return quantile_in_place(values, 0.5);
}

}  // namespace meridian::signal
