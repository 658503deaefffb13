// Leads that could not be judged, and exchanged electrodes, as findings.
#pragma once
#include <vector>

#include "assistants/ecg/judgement.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// With what is not said because of them.
std::vector<engine::Finding> lead_findings(const Judgement& judgement);

}  // namespace meridian::assistants::ecg
