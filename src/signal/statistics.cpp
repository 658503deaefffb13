#include "signal/statistics.h"

#include <array>
#include <cmath>
#include <cstdint>

#include "signal/range.h"

namespace meridian::signal {
namespace {

constexpr std::size_t kBuckets = 64, kFewest = 64, kMost = 4096;

}  // namespace

// Values go into buckets, which keeps their order; only the bucket that holds the place asked for is
// searched. Unlike partitioning, that leaves the processor no branches to guess.
float quantile_in_place(std::vector<float>& values, double part) {
  if (values.empty()) return 0;
  auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
  const auto nth = [&](std::size_t end) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(at);
    std::nth_element(values.begin(), place, values.begin() + static_cast<std::ptrdiff_t>(end));
    return *place;
  };
  if (values.size() < kFewest || values.size() > kMost) return nth(values.size());
  const Range range = range_of(values);
  const float scale = static_cast<float>(kBuckets - 1) / (range.high - range.low);
  if (!(scale > 0) || !std::isfinite(scale)) return nth(values.size());
  std::array<std::uint16_t, kBuckets> counts{};
  std::array<std::uint8_t, kMost> bucket_of;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bucket_of[i] = static_cast<std::uint8_t>((values[i] - range.low) * scale);
    ++counts[bucket_of[i]];
  }
  std::size_t bucket = 0;
  for (; at >= counts[bucket]; ++bucket) at -= counts[bucket];
  std::size_t held = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float value = values[i];
    values[held] = value;
    held += bucket_of[i] == bucket;
  }
  return nth(held);
}

}  // namespace meridian::signal
