// Fewer samples a second.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// Every factor-th sample after an anti-alias low pass without phase shift; gaps (NaN) stay gaps.
std::vector<float> decimate(std::span<const float> samples, std::size_t factor);
// The same for all leads, with the sampling frequency divided.
Recording decimate(const Recording& recording, std::size_t factor);

}  // namespace meridian::signal
