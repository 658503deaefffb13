#include "assistants/ecg/models.h"

#include "assistants/ecg/rhythm_features.h"
#include "signal/twelve_lead_features.h"

namespace meridian::assistants::ecg {

Models Models::load() {
  return {LogisticModel::load("ecg_fibrillation.json", signal::fibrillation_feature_names()),
          BeatModel::load("ecg_beats.json"),
          LogisticModel::load("ecg_p_waves.json", signal::p_wave_feature_names()), CriteriaTable::load()};
}

Judges Judges::load() {
  return {ForestModel::load(kRhythmModel, rhythm_feature_names()),
          ForestModel::load(kTwelveLeadModel, signal::twelve_lead_feature_names())};
}

}  // namespace meridian::assistants::ecg
