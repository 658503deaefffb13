// The heart rate, and what is concluded from it and from the shape of the beats.
#pragma once
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// Beats a minute from which on a tachycardia is likely to be the cause of what the patient suffers (AHA
// 2015).
inline constexpr double kVeryFast = 150;

engine::Measurement heart_rate(const Analysis& analysis);

// Bradycardia below 50 a minute (ACC/AHA/HRS 2018), tachycardia above 100; none of a rate between. Of a
// regular tachycardia without P waves, whose beats were measured, also what it may be: a supraventricular one
// from 150 a minute on where QRS complexes are narrow, and one of the ventricles where they are wide.
std::vector<engine::Finding> rate_findings(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
