#include "signal/gaps.h"

#include <cmath>

namespace meridian::signal {
namespace {

constexpr float kLargest = 1000;  // mV

// Fills [from, to).
void fill(std::span<float> samples, std::size_t from, std::size_t to) {
  const bool has_left = from > 0, has_right = to < samples.size();
  const float left = has_left ? samples[from - 1] : has_right ? samples[to] : 0;
  const float right = has_right ? samples[to] : left;
  const float step = (right - left) / static_cast<float>(to - from + 1);
  for (std::size_t i = from; i < to; ++i) samples[i] = left + step * static_cast<float>(i - from + 1);
}

std::size_t first_gap(std::span<const float> samples, std::size_t from) {
  // Most recordings have no gap: whole stretches are looked at without a branch a sample.
  constexpr std::size_t kStretch = 64;
  for (; from + kStretch <= samples.size(); from += kStretch) {
    unsigned unusable = 0;
    for (std::size_t i = from; i < from + kStretch; ++i) unusable |= !(std::fabs(samples[i]) <= kLargest);
    if (unusable) break;
  }
  while (from < samples.size() && is_sample(samples[from])) ++from;
  return from;
}

}  // namespace

bool is_sample(float sample) {
  return std::fabs(sample) <= kLargest;
}

std::size_t fill_gaps(std::span<float> samples) {
  std::size_t filled = 0;
  for (std::size_t i = first_gap(samples, 0); i < samples.size(); i = first_gap(samples, i)) {
    std::size_t end = i;
    while (end < samples.size() && !is_sample(samples[end])) ++end;
    fill(samples, i, end);
    filled += end - i;
    i = end;
  }
  return filled;
}

}  // namespace meridian::signal
