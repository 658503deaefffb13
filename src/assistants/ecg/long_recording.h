// What is said of recordings that last: heart rate variability from 5 minutes on, the course by the hour from
// one hour on.
#pragma once
#include <optional>
#include <vector>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

inline constexpr double kLeastForVariability = 300, kLeastForCourse = 3600;  // s

struct Hour {
  double from = 0;                                          // s from the start
  double mean_rate = 0, lowest_rate = 0, highest_rate = 0;  // beats a minute; the extremes: of 8 intervals
  std::size_t beats = 0, ventricular = 0, supraventricular = 0, pauses = 0;
  double fibrillation = 0;    // s, in suspected atrial fibrillation
  std::optional<double> qtc;  // s, by Fridericia, of the hour's excerpt
};

// One entry an hour begun, of which at least a minute was recorded. duration in seconds.
std::vector<Hour> hours_of(const Analysis& analysis, double frequency, double duration);

// None for a shorter recording.
std::vector<engine::Finding> long_recording_findings(const Analysis& analysis,
                                                     const signal::Recording& recording);

}  // namespace meridian::assistants::ecg
