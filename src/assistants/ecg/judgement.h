// What is concluded from the measurements of a short ECG.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assistants/ecg/analysis.h"
#include "assistants/ecg/models.h"
#include "engine/assistant.h"

namespace meridian::assistants::ecg {

struct JudgedClass {
  std::string name;
  double probability = 0, threshold = 0;
};

struct Judgement {
  std::vector<JudgedClass> rhythm;         // N, A, O, ~; empty: too long, or too few beats
  std::vector<JudgedClass> twelve_leads;   // NORM, MI, STTC, CD, HYP; empty: not twelve leads
  std::vector<FoundStatement> statements;  // by measured criteria
};

// The models must outlive the result.
Judgement judge(const Analysis& analysis, const Models& models, const Judges& judges,
                const engine::Subject& subject);

// The numbers that the twelve-lead model is given; an empty list without twelve measured leads.
std::vector<double> twelve_lead_values(const Analysis& analysis);
// The place of the class whose probability exceeds its threshold by the largest factor.
std::size_t chosen_class(const std::vector<double>& probabilities, const std::vector<double>& thresholds);

}  // namespace meridian::assistants::ecg
