// An ECG as the assistant analyses it, for the benches that judge it with models of their own folds.
#pragma once
#include <optional>

#include "assistants/ecg/analysis.h"
#include "assistants/ecg/models.h"
#include "assistants/ecg/refusals.h"

namespace meridian::app {

inline constexpr std::size_t kFolds = 5;

// Nothing where the assistant refuses the recording.
inline std::optional<assistants::ecg::Analysis> analysed(const signal::Recording& recording,
                                                         const assistants::ecg::Models& models) {
  constexpr double kThreshold = 0.5;  // of fibrillation's episodes, which no bench here looks at
  if (assistants::ecg::refuse_unsuitable(recording)) return std::nullopt;
  assistants::ecg::Analysis analysis = assistants::ecg::assess(recording);
  if (assistants::ecg::refuse_unusable(analysis)) return std::nullopt;
  assistants::ecg::analyse(recording, models, kThreshold, analysis);
  if (assistants::ecg::refuse_without_beats(analysis)) return std::nullopt;
  return analysis;
}

// The models of a file of folds below models/, each of which has not seen its fold.
template <typename Names>
std::vector<assistants::ecg::ForestModel> fold_models(const char* file, const Names& features) {
  std::vector<assistants::ecg::ForestModel> models;
  const Json json = assistants::ecg::ForestModel::read(file);
  for (const Json& fold : json.get("folds").items())
    models.push_back(assistants::ecg::ForestModel::parse(fold, features, file));
  return models;
}

}  // namespace meridian::app
