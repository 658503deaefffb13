// The slow part of the heart rate's variability, which only a day shows (Task Force 1996).
#pragma once
#include <optional>
#include <span>

#include "signal/heart_rate_variability.h"

namespace meridian::signal {

struct LongSpectrum {
  double ultra_low = 0;  // ms squared, up to 0.003 Hz
  double slope = 0;      // of the logarithm of the power over that of the frequency, 0.0001 to 0.01 Hz
};

// Nothing unless there are intervals for 18 hours.
std::optional<LongSpectrum> long_spectrum(std::span<const NormalInterval> intervals);

}  // namespace meridian::signal
