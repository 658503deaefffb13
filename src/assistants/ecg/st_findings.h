// The ST segment along a long recording, as findings.
#pragma once
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// The trend of all leads with the minutes as evidence, and the stretches in which a lead's ST level leaves
// its reference; none without a trend.
std::vector<engine::Finding> st_findings(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
