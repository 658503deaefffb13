// The waves of the beats, with P waves only where a model holds them for ones.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "assistants/ecg/logistic_model.h"
#include "signal/delineation.h"

namespace meridian::assistants::ecg {

inline constexpr double kLongestDelineated = 120;  // s

signal::Delineation find_waves(const signal::Recording& recording, std::span<const std::int64_t> beats,
                               const LogisticModel& p_waves);
// Drops the P waves that are less likely than not.
void judge_p_waves(signal::Delineation& waves, const LogisticModel& p_waves);
// The normal beats, or all where there are too few of them. classes: by beat; empty: none is told.
std::vector<std::size_t> beats_to_measure(std::string_view classes, std::size_t beats);

}  // namespace meridian::assistants::ecg
