// Facts of a case that decide what follows from a reading and that the picture does not show: symptoms, the
// result of a test, the size that a person measured. knowledge/case_facts.csv says how each is recorded,
// whether it is of the patient or of one case, how long a record holds, and how it is asked for.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engine/card.h"

namespace meridian::engine {

struct Input;

struct CaseFact {
  enum class Kind { choice, number, moment, any_of, measured, age };
  struct Option {
    std::string value;  // "positive"
    std::vector<std::string>
        codes;  // of answers and interpretations that mean it; of any system, or system|code
    LocalizedText text;
  };

  std::string name;  // "hpv"
  Kind kind = Kind::choice;
  std::string unit;                // UCUM
  std::vector<std::string> codes;  // system|code; of any_of the names of its parts
  bool of_case = false;            // of the case in which it is recorded alone; else of the patient
  std::optional<int> days;         // how long a record of it holds
  std::string part_of;  // the fact of which it is a part: one that is there makes the whole be there
  LocalizedText text;
  std::vector<Option> options;

  // Whether a person can be asked for it.
  bool is_asked() const { return kind != Kind::any_of && kind != Kind::measured; }
};

// A choice, or a number: of a moment the hours since then.
using FactValue = std::variant<std::string, double>;

// Of a choice that it is so: yes, or positive.
bool is_affirmed(const FactValue& value);

// Throws not_found for a fact that the table does not have, corrupted when the table is wrong.
const CaseFact& case_fact(const std::string& name);

// What the latest of the input's resources that record the fact says, at the moment of reading: Observations
// that are final, amended or corrected, and Conditions that are active. One that is dated in the future is
// passed over. A fact of a case is taken from resources of the input's case; from those that name no case
// when they are of the day before the picture was taken or later. Where nothing records the fact, of which it
// is a part or which are parts of it may say it. Nothing where none says it, or the latest is too old. Of
// choices, numbers, moments (those with their time of day: a date alone is too coarse) and of age.
std::optional<FactValue> recorded_value(const CaseFact& fact, const Input& input);

// {fact, text, text_zh, kind, unit, values: [{value, text, text_zh}]}, as docs/reading.schema.json describes
// it.
Json to_json(const CaseFact& fact);

// An Observation of the fact, without the patient: final, of that moment. value: a text, a number or a FHIR
// dateTime with its time and zone, by the fact's kind. Throws invalid_value for another, and for a fact that
// nobody is asked for.
Json observation_of(const CaseFact& fact, const Json& value, Instant at);

}  // namespace meridian::engine
