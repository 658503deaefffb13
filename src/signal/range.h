// The lowest and the highest of many values, in eight parts at once as dot_product.h does.
#pragma once
#include <algorithm>
#include <array>
#include <span>

namespace meridian::signal {

struct Range {
  float low = 0, high = 0;
};

// Of at least one value, all finite.
inline Range range_of(std::span<const float> values) {
  constexpr std::size_t kParts = 8;
  std::array<float, kParts> low, high;
  low.fill(values.front());
  high.fill(values.front());
  std::size_t i = 0;
  for (; i + kParts <= values.size(); i += kParts)
    for (std::size_t k = 0; k < kParts; ++k) {
      low[k] = values[i + k] < low[k] ? values[i + k] : low[k];
      high[k] = values[i + k] > high[k] ? values[i + k] : high[k];
    }
  for (; i < values.size(); ++i) {
    low[0] = std::min(low[0], values[i]);
    high[0] = std::max(high[0], values[i]);
  }
  return {*std::min_element(low.begin(), low.end()), *std::max_element(high.begin(), high.end())};
}

}  // namespace meridian::signal
