// Sums of products, in eight parts at once so that the processor adds several a step; a compiler may not
// reorder a single sum of floating-point numbers by itself.
#pragma once
#include <array>
#include <cstddef>

namespace meridian::signal {

inline float dot_product(const float* a, const float* b, std::size_t count) {
  constexpr std::size_t kParts = 8;
  std::array<float, kParts> sums{};
  std::size_t i = 0;
  for (; i + kParts <= count; i += kParts)
    for (std::size_t k = 0; k < kParts; ++k) sums[k] += a[i + k] * b[i + k];
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  for (const float part : sums) sum += part;
  return sum;
}

}  // namespace meridian::signal
