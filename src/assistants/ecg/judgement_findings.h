// Rhythm classes, diagnostic classes and 12-lead statements as findings.
#pragma once
#include <vector>

#include "assistants/ecg/judgement.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// A finding each: all rhythm classes and all diagnostic classes that were judged, with their probabilities,
// and the statements whose criteria hold, with leads and values; before them leads that could not be judged
// and electrodes that seem exchanged. Where the learned model and the criteria
// disagree about a diagnostic class, or two models about fibrillation, its text says so.
std::vector<engine::Finding> judgement_findings(const Judgement& judgement);

}  // namespace meridian::assistants::ecg
