// Gaps (NaN) and impossible values in recordings.
#pragma once
#include <span>
#include <vector>

namespace meridian::signal {

// False for what is not finite, or beyond 1 V and so no body's. In millivolts.
bool is_sample(float sample);

// What is no sample is replaced by a straight line between their
// neighbours (by the nearest neighbour at the ends, by 0 where nothing is left). Returns how many there were.
std::size_t fill_gaps(std::span<float> samples);

}  // namespace meridian::signal
