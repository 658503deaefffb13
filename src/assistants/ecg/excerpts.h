// Short stretches of a long recording, whose waves are measured for the whole: one an hour.
#pragma once
#include <span>
#include <vector>

#include "assistants/ecg/logistic_model.h"
#include "signal/ecg_measurements.h"
#include "signal/recording.h"
#include "signal/signal_quality.h"
#include "signal/st_trend.h"

namespace meridian::assistants::ecg {

struct Excerpt {
  double from = 0, to = 0;  // s from the start of the recording
  double rr = 0;            // s, mean
  signal::EcgIntervals intervals;
  signal::QrsReach reach;
};

// Of each hour begun the first stretch of 20 s in which a lead is usable throughout and most beats are
// normal; none of an hour without one. classes: by beat.
std::vector<Excerpt> measure_excerpts(const signal::Recording& recording,
                                      std::span<const signal::LeadQuality> quality,
                                      std::span<const std::int64_t> beats, std::string_view classes,
                                      const LogisticModel& p_waves);

}  // namespace meridian::assistants::ecg
