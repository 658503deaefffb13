// A short ECG's rhythm as a row of numbers, for the model of rhythm classes.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "assistants/ecg/analysis.h"

namespace meridian::assistants::ecg {

// In the order of rhythm_features.
std::span<const std::string_view> rhythm_feature_names();

// An empty list unless the analysis holds waves and enough beats to tell fibrillation.
std::vector<double> rhythm_features(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
