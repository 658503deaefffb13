// Whole numbers for the samples of a lead, as formats that are written store them.
#pragma once
#include <cstdint>

#include "signal/recording.h"

namespace meridian::archive {

inline constexpr double kLargestStored = 32000;  // a stored number lies between it and its negative

// Microvolts a stored unit: the smallest of 1, 2, 5 times a power of ten, from 0.1, that holds the lead.
// Throws invalid_value when the lead holds values that no ECG has.
double microvolts_per_unit(const signal::Lead& lead);
// The sample in those units; it is a number.
std::int32_t stored_unit(float millivolts, double microvolts_per_unit);

}  // namespace meridian::archive
