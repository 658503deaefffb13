// 12-lead statements by measured criteria: knowledge/ecg_statements.csv and knowledge/ecg_criteria.csv.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/assistant.h"
#include "signal/ecg_measurements.h"

namespace meridian::assistants::ecg {

struct Criterion {
  std::string statement, alternative;
  std::size_t needed = 1;  // of the alternative's criteria that hold
  std::string quantity, relation;
  double limit = 0;
  std::string sex;  // male, female; empty: any
  std::optional<double> age_from, age_to;
  std::string source;
};

struct Statement {
  std::string id, superclass;  // MI, STTC, CD, HYP or empty
  engine::Urgency urgency = engine::Urgency::none;
  std::vector<std::string> not_with;   // "flutter": the atria flutter
  std::vector<std::string> only_with;  // one of them must hold; "paced": the beats are paced
  engine::LocalizedText name;
  bool is_said = true;  // else it is measured only
};

// A criterion that holds, with what was measured.
struct Fulfilled {
  const Criterion* criterion = nullptr;
  double value = 0;
};

struct FoundStatement {
  const Statement* statement = nullptr;
  std::vector<Fulfilled> criteria;
};

// What of the rhythm bears on what the waves mean.
struct RhythmBars {
  bool paced = false, flutter = false;
};

class CriteriaTable {
 public:
  // From knowledge/. Throws unavailable without the tables, corrupted when a line cannot be read.
  static CriteriaTable load();
  // The statements whose criteria hold and which no other one makes meaningless, in the table's order; a
  // criterion of a lead that was not measured does not hold. rr: mean RR interval in seconds. Of paced beats
  // only what is said of them in particular, under flutter waves nothing that they hide or feign. An unknown
  // person counts as a man of 40 or more. missing: leads without which another statement that bars one may
  // hold for all that is known (a part of its criteria does), and so bars it. The table must outlive the
  // result.
  std::vector<FoundStatement> find(const signal::EcgMeasurements& measured, double rr,
                                   const engine::Subject& subject, const RhythmBars& rhythm = {},
                                   std::span<const std::string> missing = {}) const;
  // The statements with a criterion that none but these leads can fulfil.
  std::vector<const Statement*> needing(std::span<const std::string> leads) const;
  // The statements that are not made while the atria flutter.
  std::vector<const Statement*> barred_by_flutter() const;

 private:
  std::vector<Statement> statements_;
  std::vector<Criterion> criteria_;
};

}  // namespace meridian::assistants::ecg
