// The models and tables of this assistant, together.
#pragma once
#include <optional>
#include <string>

#include "assistants/ecg/beat_model.h"
#include "assistants/ecg/criteria.h"
#include "assistants/ecg/forest_model.h"
#include "assistants/ecg/logistic_model.h"

namespace meridian::assistants::ecg {

inline constexpr const char* kRhythmModel = "ecg_rhythm.json";
inline constexpr const char* kTwelveLeadModel = "ecg_twelve_leads.json";
// The same, made without a fifth of the records each, by which the benches judge these.
inline constexpr const char* kRhythmFolds = "ecg_rhythm_folds.json";
inline constexpr const char* kTwelveLeadFolds = "ecg_twelve_leads_folds.json";

struct Models {
  LogisticModel fibrillation;  // on signal/atrial_fibrillation.h
  BeatModel beats;
  LogisticModel p_waves;  // on signal/delineation.h
  CriteriaTable criteria;

  // All throw what their loading throws.
  static Models load();
};

// The models that learn from what the others measure.
struct Judges {
  ForestModel rhythm;        // on rhythm_features.h: N, A, O and ~ of CinC 2017
  ForestModel twelve_leads;  // on signal/twelve_lead_features.h: NORM, MI, STTC, CD, HYP of PTB-XL

  static Judges load();
};

}  // namespace meridian::assistants::ecg
