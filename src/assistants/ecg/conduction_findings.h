// AV block of the second and third degree, and atrial flutter, as findings.
#pragma once
#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

engine::Finding block_finding(const signal::AvConduction& conduction);
// heart_rate: beats a minute.
engine::Finding flutter_finding(const signal::AtrialFlutter& flutter, double heart_rate);

}  // namespace meridian::assistants::ecg
