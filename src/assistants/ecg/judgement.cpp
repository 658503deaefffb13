#include "assistants/ecg/judgement.h"

#include "assistants/ecg/rhythm_features.h"
#include "signal/twelve_lead_features.h"

namespace meridian::assistants::ecg {
namespace {

std::vector<JudgedClass> judged(const ForestModel& model, const std::vector<double>& values) {
  std::vector<JudgedClass> classes;
  if (values.empty()) return classes;
  const std::vector<double> probabilities = model.probabilities(values);
  for (std::size_t k = 0; k < probabilities.size(); ++k)
    classes.push_back({model.outputs()[k], probabilities[k], model.thresholds()[k]});
  return classes;
}

}  // namespace

std::vector<double> twelve_lead_values(const Analysis& analysis) {
  if (!analysis.measured || !(analysis.rr.mean > 0)) return {};
  return signal::twelve_lead_features(*analysis.measured, analysis.rr.mean,
                                      analysis.rr.rmssd / analysis.rr.mean);
}

Judgement judge(const Analysis& analysis, const Models& models, const Judges& judges,
                const engine::Subject& subject) {
  Judgement judgement;
  judgement.rhythm = judged(judges.rhythm, rhythm_features(analysis));
  judgement.twelve_leads = judged(judges.twelve_leads, twelve_lead_values(analysis));
  if (analysis.fibrillation) judgement.fibrillation = !analysis.fibrillation->episodes.empty();
  if (analysis.measured)
    judgement.statements = models.criteria.find(*analysis.measured, analysis.rr.mean, subject);
  std::erase_if(judgement.statements, [](const FoundStatement& found) { return !found.statement->is_said; });
  return judgement;
}

std::size_t chosen_class(const std::vector<double>& probabilities, const std::vector<double>& thresholds) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < probabilities.size(); ++k)
    if (probabilities[k] * thresholds[best] > probabilities[best] * thresholds[k]) best = k;
  return best;
}

}  // namespace meridian::assistants::ecg
