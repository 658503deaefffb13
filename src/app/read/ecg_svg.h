// An ECG on millimetre paper, as SVG: 25 mm/s, 10 mm/mV, 1 mm and 5 mm lines, the beats found marked.
#pragma once
#include <string>

#include "base/json.h"
#include "signal/recording.h"

namespace meridian::app {

// The first seconds of each lead, one strip below the other. beats: evidence.beats of a finding, or null.
std::string ecg_svg(const signal::Recording& recording, const Json& beats, double seconds = 10);

}  // namespace meridian::app
