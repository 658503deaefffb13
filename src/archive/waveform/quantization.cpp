#include "archive/waveform/quantization.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace meridian::archive {

double microvolts_per_unit(const signal::Lead& lead) {
  double largest = 0;
  for (const float sample : lead.samples)
    if (std::isfinite(sample)) largest = std::max(largest, std::fabs(static_cast<double>(sample)) * 1000);
  for (double decade = 0.1; decade < 1e6; decade *= 10)
    for (const double digit : {1.0, 2.0, 5.0})
      if (largest / (decade * digit) <= kLargestStored) return decade * digit;
  throw Error(ErrorCode::invalid_value, "Lead " + lead.name + " holds values that no ECG has", lead.name,
              "Check the gain of the recording");
}

std::int32_t stored_unit(float millivolts, double microvolts_per_unit) {
  return static_cast<std::int32_t>(std::lround(static_cast<double>(millivolts) * 1000 / microvolts_per_unit));
}

}  // namespace meridian::archive
