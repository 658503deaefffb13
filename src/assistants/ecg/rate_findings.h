// The heart rate, and what is concluded from it and from the shape of the beats.
#pragma once
#include <optional>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// Beats a minute from which on a tachycardia is likely to be the cause of what the patient suffers (AHA
// 2015).
inline constexpr double kVeryFast = 150;

engine::Measurement heart_rate(const Analysis& analysis);

// Bradycardia below 50 a minute (ACC/AHA/HRS 2018), tachycardia above 100. A regular one without P waves,
// whose beats were measured, has a name of its own: supraventricular tachycardia from 150 a minute on where
// QRS complexes are narrow, and tachycardia with wide QRS complexes. Nothing of a rate between.
std::optional<engine::Finding> rate_finding(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
