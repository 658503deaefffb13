#include "assistants/ecg/judgement.h"

#include <algorithm>

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

RhythmBars bars_of(const Analysis& analysis) {
  return {is_paced(analysis), analysis.flutter.has_value()};
}

std::vector<FoundStatement> statements_of(const Analysis& analysis, const TrustedLeads& trusted,
                                          const CriteriaTable& criteria, const engine::Subject& subject) {
  return criteria.find(trusted.measured, analysis.rr.mean, subject, bars_of(analysis), trusted.missing());
}

bool is_among(const std::vector<FoundStatement>& found, const Statement* statement) {
  return std::any_of(found.begin(), found.end(),
                     [&](const FoundStatement& one) { return one.statement == statement; });
}

// Those that need the leads and are not found without them.
std::vector<const Statement*> unjudged(const CriteriaTable& criteria, const std::vector<std::string>& leads,
                                       const std::vector<FoundStatement>& found) {
  std::vector<const Statement*> needing = criteria.needing(leads);
  std::erase_if(needing, [&](const Statement* statement) {
    return !statement->only_with.empty() || is_among(found, statement);
  });
  return needing;
}

// Those whose criteria hold, but which another may bar that cannot be judged without the missing leads.
std::vector<const Statement*> in_doubt(const Analysis& analysis, const TrustedLeads& trusted,
                                       const CriteriaTable& criteria, const engine::Subject& subject,
                                       const std::vector<FoundStatement>& found) {
  std::vector<const Statement*> doubtful;
  for (const FoundStatement& one :
       criteria.find(trusted.measured, analysis.rr.mean, subject, bars_of(analysis)))
    if (one.statement->is_said && !is_among(found, one.statement)) doubtful.push_back(one.statement);
  return doubtful;
}

void add_new(const std::vector<const Statement*>& more, std::vector<const Statement*>& all) {
  for (const Statement* one : more)
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

void judge_statements(const Analysis& analysis, const TrustedLeads& trusted, const CriteriaTable& criteria,
                      const engine::Subject& subject, Judgement& judgement) {
  judgement.statements = statements_of(analysis, trusted, criteria, subject);
  judgement.twelve_leads_judged = true;
  judgement.left_out = trusted.left_out;
  judgement.reversal = trusted.reversal;
  if (judgement.paced) return;
  if (analysis.flutter) judgement.unjudged_by_rhythm = criteria.barred_by_flutter();
  std::vector<std::string> leads;
  for (const LeftOutLead& lead : trusted.left_out) leads.push_back(lead.lead);
  judgement.unjudged = unjudged(criteria, leads, judgement.statements);
  if (trusted.reversal)
    judgement.unjudged_by_reversal = unjudged(criteria, trusted.reversal->leads, judgement.statements);
  add_new(in_doubt(analysis, trusted, criteria, subject, judgement.statements),
          trusted.left_out.empty() ? judgement.unjudged_by_reversal : judgement.unjudged);
}

}  // namespace

std::vector<FoundStatement> statements_of(const Analysis& analysis, const CriteriaTable& criteria,
                                          const engine::Subject& subject) {
  const auto trusted = trusted_leads(analysis);
  return trusted ? statements_of(analysis, *trusted, criteria, subject) : std::vector<FoundStatement>{};
}

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
  judgement.paced = is_paced(analysis);
  if (const auto trusted = trusted_leads(analysis))
    judge_statements(analysis, *trusted, models.criteria, subject, judgement);
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
