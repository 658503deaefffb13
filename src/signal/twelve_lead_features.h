// A 12-lead ECG as a row of numbers, for models that learn from measurements.
#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "signal/ecg_measurements.h"

namespace meridian::signal {

inline constexpr std::array<std::string_view, 12> kTwelveLeads{"I",  "II", "III", "aVR", "aVL", "aVF",
                                                               "V1", "V2", "V3",  "V4",  "V5",  "V6"};

// "qrs", "r.V5" and so on, in the order of twelve_lead_features.
std::span<const std::string> twelve_lead_feature_names();

// Millivolts, seconds, degrees; rr: mean RR interval, irregularity: RMSSD over it. 0 where a wave is missing.
// Nothing (an empty list) unless all twelve leads were measured.
std::vector<double> twelve_lead_features(const EcgMeasurements& measured, double rr, double irregularity);

}  // namespace meridian::signal
