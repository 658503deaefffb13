// All that is looked for in a short 12-lead ECG, said or not, with probabilities:
// knowledge/ecg_probabilities.csv.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assistants/ecg/judgement.h"
#include "engine/assistant.h"

namespace meridian::assistants::ecg {

// How likely it is that cardiologists write a statement, where its finding is said and where it is not.
struct StatementProbability {
  std::string code;               // of the finding
  std::optional<double> if_said;  // nothing where it was said too seldom to know
  double if_not = 0;
  engine::LocalizedText text;
};

class ProbabilityTable {
 public:
  // Throws unavailable without the table, corrupted when a line cannot be read.
  static ProbabilityTable load();
  // The findings that have a probability of their own, and the table's statements; of both none that could
  // not be judged, and none that is said and of which too little is known. Nothing unless twelve leads were
  // judged.
  std::vector<engine::ClassProbability> classes_of(const std::vector<engine::Finding>& findings,
                                                   const Judgement& judgement) const;

 private:
  std::vector<StatementProbability> rows_;
};

}  // namespace meridian::assistants::ecg
