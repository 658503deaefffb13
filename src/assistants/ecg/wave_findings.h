// Intervals, axes and amplitudes as a finding.
#pragma once
#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// The analysis must hold waves and what was measured in them. All waves and the measurements by lead are its
// evidence.
engine::Finding wave_finding(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
