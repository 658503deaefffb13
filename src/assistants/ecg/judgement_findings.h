// Rhythm classes, diagnostic classes and 12-lead statements as findings.
#pragma once
#include <vector>

#include "assistants/ecg/judgement.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// A finding each: all rhythm classes and all diagnostic classes that were judged, with their probabilities,
// and the statements whose criteria hold, with leads and values. Where the learned model and the criteria
// disagree about a diagnostic class, its text says so.
std::vector<engine::Finding> judgement_findings(const Judgement& judgement);

}  // namespace meridian::assistants::ecg
