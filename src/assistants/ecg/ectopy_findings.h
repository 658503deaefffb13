// Extrasystoles and their runs, as findings.
#pragma once
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// Ventricular extrasystoles with their burden, couplets and bigeminy, and runs of three and more; each only
// where it is found; the same of supraventricular ones; and ventricular beats on the T wave before them.
std::vector<engine::Finding> ectopy_findings(const Analysis& analysis, double sampling_frequency);

}  // namespace meridian::assistants::ecg
