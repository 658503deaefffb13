// What is measured in a recording, before it is put into words.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assistants/ecg/ectopy.h"
#include "assistants/ecg/excerpts.h"
#include "assistants/ecg/models.h"
#include "signal/atrial_flutter.h"
#include "signal/av_conduction.h"
#include "signal/delineation.h"
#include "signal/ecg_measurements.h"
#include "signal/mains.h"
#include "signal/recording.h"
#include "signal/rr_intervals.h"
#include "signal/signal_quality.h"
#include "signal/st_trend.h"

namespace meridian::assistants::ecg {

struct Interval {
  double from = 0, to = 0;  // s from the start
};

struct Fibrillation {
  double probability = 0;          // of the most suspicious stretch
  double part = 0;                 // of the assessed time that is above the threshold, 0 to 1
  std::vector<Interval> episodes;  // above the threshold, joined
};

struct Analysis {
  std::vector<signal::MainsNoise> mains;  // taken off before all else is measured
  std::vector<signal::LeadQuality> quality;
  double usable_part = 0;           // 0 to 1
  std::vector<std::int64_t> beats;  // samples of the recording
  std::string classes;              // by beat, N, S, V, F or Q (ANSI/AAMI EC57); empty: too few beats to tell
  Ectopy ectopy;
  std::size_t paced = 0;  // beats of class Q; the others of it lie where no lead is usable
  std::vector<ROnT> r_on_t;
  std::vector<double> intervals;  // RR, s
  signal::RrStatistics rr;
  std::vector<Interval> pauses;              // longer than 3 s, with a usable signal within
  std::optional<Fibrillation> fibrillation;  // nothing when there are too few beats to tell
  // Of recordings up to two minutes: a longer one is read for its rhythm.
  std::optional<signal::Delineation> waves;
  std::optional<signal::EcgMeasurements> measured;
  std::vector<std::int64_t> pacing_spikes;  // samples; of twelve leads or so alone
  std::optional<signal::AvConduction>
      conduction;                                // block of the second or third degree, in a short recording
  std::optional<signal::AtrialFlutter> flutter;  // likewise
  std::vector<Excerpt> excerpts;                 // of a longer one
  std::vector<signal::LeadStTrend> st;           // of one of ten minutes or more
  std::vector<signal::StEpisode> st_episodes;
  // What a recording of at most a minute is judged by as a whole.
  std::optional<signal::FibrillationFeatures> fibrillation_features;
};

inline bool is_paced(const Analysis& analysis) {
  return analysis.paced > 0 || !analysis.pacing_spikes.empty();
}

// Quality only; what the refusals need.
Analysis assess(const signal::Recording& recording);
// Adds the beats and what is measured from them.
void analyse(const signal::Recording& recording, const Models& models, double threshold, Analysis& analysis);

}  // namespace meridian::assistants::ecg
