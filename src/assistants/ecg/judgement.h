// What is concluded from the measurements of a short ECG.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assistants/ecg/analysis.h"
#include "assistants/ecg/models.h"
#include "assistants/ecg/trusted_leads.h"
#include "engine/assistant.h"

namespace meridian::assistants::ecg {

struct JudgedClass {
  std::string name;
  double probability = 0, threshold = 0;
};

struct Judgement {
  std::vector<JudgedClass> rhythm;         // N, A, O, ~; empty: too long, or too few beats
  std::vector<JudgedClass> twelve_leads;   // NORM, MI, STTC, CD, HYP; empty: not twelve leads
  std::optional<bool> fibrillation;        // by the model of fibrillation_features; nothing: it cannot tell
  std::vector<FoundStatement> statements;  // by measured criteria, of the leads that can be trusted
  bool twelve_leads_judged = false;        // there were twelve leads, and few enough minutes to measure them
  bool paced = false;                      // neither statements nor diagnostic classes hold then
  std::vector<LeftOutLead> left_out;       // nor do the classes when a lead is left out
  std::optional<signal::LeadReversal> reversal;
  std::vector<const Statement*> unjudged, unjudged_by_reversal;  // not found, and need what is left out
  std::vector<const Statement*> unjudged_by_rhythm;              // hidden or feigned by flutter waves
};

// The models must outlive the result.
Judgement judge(const Analysis& analysis, const Models& models, const Judges& judges,
                const engine::Subject& subject);

// What the criteria say of the leads that can be trusted; nothing of a recording without twelve leads.
std::vector<FoundStatement> statements_of(const Analysis& analysis, const CriteriaTable& criteria,
                                          const engine::Subject& subject);
// The numbers that the twelve-lead model is given; an empty list without twelve measured leads.
std::vector<double> twelve_lead_values(const Analysis& analysis);
// The place of the class whose probability exceeds its threshold by the largest factor.
std::size_t chosen_class(const std::vector<double>& probabilities, const std::vector<double>& thresholds);

}  // namespace meridian::assistants::ecg
