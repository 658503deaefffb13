// Facts of a case that decide what follows from a reading and that the picture does not show: symptoms, the
// result of a test, the size that a person measured. knowledge/case_facts.csv says how each is recorded, how
// long a record holds, and how it is asked for.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engine/card.h"

namespace meridian::engine {

struct CaseFact {
  enum class Kind { choice, number, moment, any_of, measured, age };
  struct Option {
    std::string value;               // "positive"
    std::vector<std::string> codes;  // of answers and interpretations that mean it
    LocalizedText text;
  };

  std::string name;  // "hpv"
  Kind kind = Kind::choice;
  std::string unit;                // UCUM
  std::vector<std::string> codes;  // system|code; of any_of the names of its parts
  std::optional<int> days;         // how long a record of it holds
  LocalizedText text;
  std::vector<Option> options;

  // Whether a person can be asked for it.
  bool is_asked() const { return kind == Kind::choice || kind == Kind::number || kind == Kind::moment; }
};

// A choice, or a number: of a moment the hours since then.
using FactValue = std::variant<std::string, double>;

// Throws not_found for a fact that the table does not have, corrupted when the table is wrong.
const CaseFact& case_fact(const std::string& name);

// What the latest of the resources that record the fact says, at that moment: Observations that are final,
// amended or corrected, and Conditions that are active. Nothing where none says it, or the latest is too old
// or of the future. Of choices, numbers and moments.
std::optional<FactValue> recorded_value(const CaseFact& fact, const std::vector<Json>& resources, Instant at);

// {fact, text, text_zh, kind, unit, values: [{value, text, text_zh}]}, as docs/reading.schema.json describes
// it.
Json to_json(const CaseFact& fact);

// An Observation of the fact, without the patient: final, of that moment. value: a text, a number or a FHIR
// dateTime, by the fact's kind. Throws invalid_value for another, and for a fact that nobody is asked for.
Json observation_of(const CaseFact& fact, const Json& value, Instant at);

}  // namespace meridian::engine
