// What was measured, as findings.
#pragma once
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// Rate and rhythm with all beats and the leads' quality as evidence; atrial fibrillation, found or not; and,
// where they are found, bradycardia, tachycardia, pauses and ventricular ectopic beats.
std::vector<engine::Finding> findings_of(const Analysis& analysis, const signal::Recording& recording,
                                         double threshold);

}  // namespace meridian::assistants::ecg
