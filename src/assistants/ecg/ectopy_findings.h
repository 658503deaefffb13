// Ventricular extrasystoles and their runs, as findings.
#pragma once
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// Ventricular extrasystoles with their burden, couplets and bigeminy, and runs of three and more; each only
// where it is found. Beats of class S make no finding: the card says how often they are missed.
std::vector<engine::Finding> ectopy_findings(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
