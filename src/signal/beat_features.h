// What tells the kinds of heart beats apart: when a beat comes, and how its shape differs from the shapes
// that the same recording holds.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "signal/atrial_fibrillation.h"

namespace meridian::signal {

inline constexpr std::size_t kBeatFeatures = 25;
using BeatFeatures = std::array<float, kBeatFeatures>;

// In the order of BeatFeatures.
std::span<const std::string_view> beat_feature_names();

// One entry a beat (samples of the recording, ascending). Intervals are relative to the rhythm around the
// beat, shapes to the recording's dominant shape: nothing is compared between patients. Empty for fewer than
// 3 beats.
std::vector<BeatFeatures> beat_features(std::span<const std::int64_t> beats,
                                        const RepeatingActivity& activity);

}  // namespace meridian::signal
