// Recordings as CSV with a declared layout, which csv_reader.h describes.
#pragma once
#include <string>

#include "signal/recording.h"

namespace meridian::archive {

// In millivolts, with six significant digits; a field is empty where a lead has no value. Throws
// invalid_value (no lead, no sample, leads of different lengths).
std::string compose_csv_ecg(const signal::Recording& recording);

}  // namespace meridian::archive
