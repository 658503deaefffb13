// What tells the kinds of heart beats apart: when a beat comes, and how its shape differs from the shapes
// that the same recording holds.
#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "signal/beat_series.h"

namespace meridian::signal {

inline constexpr std::size_t kBeatFeatures = 25;
using BeatFeatures = std::array<float, kBeatFeatures>;

// In the order of BeatFeatures.
std::span<const std::string_view> beat_feature_names();

// One entry a beat. Intervals are relative to the rhythm around the beat, shapes to the recording's dominant
// shape: nothing is compared between patients.
std::vector<BeatFeatures> beat_features(const BeatSeries& series);

}  // namespace meridian::signal
