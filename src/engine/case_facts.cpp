#include "engine/case_facts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/fact_table.h"
#include "base/text.h"
#include "engine/assistant.h"
#include "engine/resources.h"

namespace meridian::engine {
namespace {

using Kind = CaseFact::Kind;

constexpr const char* kTable = "case_facts.csv";
constexpr std::size_t kFields = 10;
constexpr std::string_view kOption = "urn:meridian:case-fact-value";
constexpr double kLargest = 1e6, kOldest = 150;  // kOldest: years
constexpr double kClocksApart = 0.25;            // hours that a moment may lie ahead
constexpr std::chrono::hours kBeforeThePicture{24};
// Dates name no time zone: one begins first at UTC+14 and ends last at UTC-12.
constexpr std::chrono::hours kEastmost{14}, kWestmost{12};

struct KindName {
  std::string_view name;
  Kind kind;
};
constexpr std::array<KindName, 6> kKinds{{{"choice", Kind::choice},
                                          {"number", Kind::number},
                                          {"moment", Kind::moment},
                                          {"any_of", Kind::any_of},
                                          {"measured", Kind::measured},
                                          {"age", Kind::age}}};

std::vector<std::string> words_of(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : split(text, ' ');
}

CaseFact fact_of(const std::vector<std::string>& row) {
  CaseFact fact;
  const auto wrong = [&row] { refuse_fact_table(kTable, row[0]); };
  const auto kind = std::ranges::find(kKinds, row[1], &KindName::name);
  if (kind == kKinds.end()) wrong();
  fact.name = row[0];
  fact.kind = kind->kind;
  fact.unit = row[2];
  fact.codes = words_of(row[3]);
  fact.of_case = row[4] == "case";
  if ((fact.of_case || row[4] == "patient") != fact.is_asked()) wrong();
  if (!row[5].empty()) fact.days = std::atoi(row[5].c_str());
  fact.part_of = row[6];
  fact.text = {row[7], row[8]};
  for (const std::string& option : row[9].empty() ? std::vector<std::string>() : split(row[9], ';')) {
    const std::vector<std::string> parts = split(option, '=');
    if (parts.size() != 4) wrong();
    fact.options.push_back({parts[0], words_of(parts[1]), {parts[2], parts[3]}});
  }
  if ((fact.kind == Kind::choice) == fact.options.empty()) wrong();
  return fact;
}

const std::vector<CaseFact>& all_facts() {
  static const std::vector<CaseFact> facts = [] {
    std::vector<CaseFact> read;
    for (const auto& row : read_fact_table(kTable, kFields)) read.push_back(fact_of(row));
    return read;
  }();
  return facts;
}

bool has_code(const Json& concepts, const std::string& token) {
  const auto bar = token.find('|');
  return has_coding(concepts, token.substr(0, bar), token.substr(bar + 1));
}

bool records(const Json& resource, const CaseFact& fact) {
  const Json* code = resource.find("code");
  return code && std::ranges::any_of(fact.codes, [&](const auto& token) { return has_code(*code, token); });
}

bool is_valid(const Json& resource) {
  const std::string status = resource.text("status");
  if (resource.text("resourceType") == "Observation")
    return status == "final" || status == "amended" || status == "corrected";
  const std::string verified = resource.text("verificationStatus.coding.code");
  return verified != "entered-in-error" && verified != "refuted" &&
         resource.text("clinicalStatus.coding.code", "active") == "active";
}

// When something was: within a stretch of time, of a date alone all that it may mean.
struct Stretch {
  Instant earliest, latest;
  Instant middle() const { return earliest + (latest - earliest) / 2; }
};

std::optional<Instant> moment_of(const std::string& text) {
  try {
    return parse_instant(text);
  } catch (const Error&) {
    return {};
  }
}

// Nothing for what is less exact than a date.
std::optional<Stretch> stretch_of(const std::string& text) {
  constexpr std::size_t kDate = 10;
  const auto moment = moment_of(text.size() == kDate ? text + "T00:00:00Z" : text);
  if (!moment) return {};
  if (text.size() != kDate) return Stretch{*moment, *moment};
  return Stretch{*moment - kEastmost, *moment + std::chrono::days(1) + kWestmost};
}

std::optional<Stretch> when_recorded(const Json& resource) {
  for (const char* member : {"effectiveDateTime", "effectiveInstant", "effectivePeriod.start", "issued",
                             "recordedDate", "onsetDateTime", "meta.lastUpdated"})
    if (const std::string text = resource.text(member); !text.empty()) return stretch_of(text);
  return {};
}

double hours_between(Instant from, Instant to) {
  return std::chrono::duration<double, std::ratio<3600>>(to - from).count();
}

bool has_any_code(const Json& concepts, const CaseFact::Option& option) {
  if (concepts.is_array())
    return std::ranges::any_of(concepts.items(), [&](const Json& one) { return has_any_code(one, option); });
  const Json* codings = concepts.find("coding");
  if (!codings || !codings->is_array()) return false;
  return std::ranges::any_of(codings->items(), [&](const Json& coding) {
    const std::string code = coding.text("code"), system = coding.text("system");
    const auto means = [&](const std::string& one) { return one == code || one == system + "|" + code; };
    return std::ranges::any_of(option.codes, means) || (code == option.value && system == kOption);
  });
}

bool is_denied(const FactValue& value) {
  return value == FactValue("no") || value == FactValue("negative");
}

// The option that says that it is so, or that it is not; nothing where the choice is between other things.
std::optional<FactValue> option_for(const CaseFact& fact, bool truth) {
  for (const CaseFact::Option& option : fact.options)
    if (truth ? is_affirmed(option.value) : is_denied(option.value)) return option.value;
  return {};
}

std::optional<FactValue> choice_in(const Json& resource, const CaseFact& fact) {
  if (resource.text("resourceType") == "Condition") return option_for(fact, true);
  if (const Json* truth = resource.find("valueBoolean"); truth && truth->is_bool())
    return option_for(fact, truth->as_bool());
  for (const char* member : {"valueCodeableConcept", "interpretation"})
    if (const Json* said = resource.find(member))
      for (const CaseFact::Option& option : fact.options)
        if (has_any_code(*said, option)) return option.value;
  return {};
}

// In the fact's own unit; another is not converted, but not known.
std::optional<FactValue> number_in(const Json& resource, const CaseFact& fact) {
  const Json& value = resource.get("valueQuantity.value");
  if (!value.is_number() || resource.text("valueQuantity.code", fact.unit) != fact.unit) return {};
  return value.as_double();
}

std::optional<FactValue> value_in(const Json& resource, const CaseFact& fact, Instant at) {
  if (fact.kind == Kind::choice) return choice_in(resource, fact);
  if (fact.kind != Kind::moment) return number_in(resource, fact);
  const auto moment = moment_of(resource.text("valueDateTime"));
  if (!moment) return {};
  const double hours = hours_between(*moment, at);
  if (hours < -kClocksApart || (fact.days && hours > *fact.days * 24.0)) return {};
  return std::max(0.0, hours);
}

// Whether what is recorded then, of a fact of a case, is of the input's.
bool is_of_case(const Json& resource, const Stretch& when, const Input& input) {
  if (const std::string named = resource.text("encounter.reference"); !named.empty())
    return named == input.encounter;
  return when.latest >= std::min(input.taken_at, input.read_at) - kBeforeThePicture;
}

std::optional<FactValue> own_value(const CaseFact& fact, const Input& input) {
  const Json* latest = nullptr;
  Instant newest{};
  for (const Json& resource : input.resources) {
    if (!records(resource, fact) || !is_valid(resource)) continue;
    const auto when = when_recorded(resource);
    if (!when || hours_between(when->earliest, input.read_at) < -kClocksApart) continue;
    if (fact.of_case && !is_of_case(resource, *when, input)) continue;
    if (latest && when->middle() < newest) continue;
    latest = &resource;
    newest = when->middle();
  }
  if (!latest || (fact.days && hours_between(newest, input.read_at) > *fact.days * 24.0)) return {};
  return value_in(*latest, fact, input.read_at);
}

[[noreturn]] void not_a_value(const CaseFact& fact, const std::string& remedy) {
  throw Error(ErrorCode::invalid_value, "This is no value of " + fact.text.en, fact.name, remedy);
}

Json choice_json(const CaseFact& fact, const Json& value) {
  const auto option = std::ranges::find(fact.options, value.is_string() ? value.as_string() : std::string(),
                                        &CaseFact::Option::value);
  if (option == fact.options.end()) not_a_value(fact, "Choose one of those that the case page offers");
  Json concept_json = concept_of(kOption, option->value, option->text.en);
  set_localized(concept_json, "text", option->text);
  return concept_json;
}

void set_value(Json& observation, const CaseFact& fact, const Json& value, Instant at) {
  switch (fact.kind) {
    case Kind::choice:
      observation["valueCodeableConcept"] = choice_json(fact, value);
      return;
    case Kind::age:
    case Kind::number: {
      const double number = value.is_number() ? value.as_double() : -1;
      if (!(number >= 0 && number < (fact.kind == Kind::age ? kOldest : kLargest)))
        not_a_value(fact, "Give a number of " + fact.unit);
      observation["valueQuantity"] = Json::object({{"value", value},
                                                   {"unit", fact.unit},
                                                   {"system", "http://unitsofmeasure.org"},
                                                   {"code", fact.unit}});
      return;
    }
    case Kind::moment: {
      const auto moment = value.is_string() ? moment_of(value.as_string()) : std::nullopt;
      if (!moment || hours_between(*moment, at) < -kClocksApart)
        not_a_value(fact, "Give a moment that has passed, with its time of day and time zone");
      observation["valueDateTime"] = value;
      return;
    }
    default:
      throw Error(ErrorCode::invalid_value, "Nobody is asked for " + fact.text.en, fact.name);
  }
}

// As it is asked for: an age is a number.
std::string name_of(Kind kind) {
  const Kind asked = kind == Kind::age ? Kind::number : kind;
  return std::string(std::ranges::find(kKinds, asked, &KindName::kind)->name);
}

}  // namespace

const CaseFact& case_fact(const std::string& name) {
  const std::vector<CaseFact>& facts = all_facts();
  const auto found = std::ranges::find(facts, name, &CaseFact::name);
  if (found == facts.end())
    throw Error(ErrorCode::not_found, "There is no such fact of a case", name.substr(0, 64));
  return *found;
}

bool is_affirmed(const FactValue& value) {
  return value == FactValue("yes") || value == FactValue("positive");
}

std::optional<FactValue> recorded_value(const CaseFact& fact, const Input& input) {
  if (auto own = own_value(fact, input)) return own;
  if (!fact.part_of.empty())
    if (const auto whole = own_value(case_fact(fact.part_of), input); whole && is_denied(*whole))
      return option_for(fact, false);
  for (const CaseFact& part : all_facts())
    if (part.part_of == fact.name)
      if (const auto value = own_value(part, input); value && is_affirmed(*value))
        return option_for(fact, true);
  return {};
}

Json to_json(const CaseFact& fact) {
  Json values = Json::array();
  for (const CaseFact::Option& option : fact.options)
    values.push_back(
        Json::object({{"value", option.value}, {"text", option.text.en}, {"text_zh", option.text.zh}}));
  return Json::object({{"fact", fact.name},
                       {"text", fact.text.en},
                       {"text_zh", fact.text.zh},
                       {"kind", name_of(fact.kind)},
                       {"unit", fact.unit},
                       {"values", std::move(values)}});
}

Json observation_of(const CaseFact& fact, const Json& value, Instant at) {
  Json observation = Json::object({{"resourceType", "Observation"}, {"status", "final"}});
  if (fact.is_asked()) {
    const std::string& token = fact.codes.front();
    const auto bar = token.find('|');
    Json code = concept_of(token.substr(0, bar), token.substr(bar + 1), fact.text.en);
    set_localized(code, "text", fact.text);
    observation["code"] = std::move(code);
  }
  observation["effectiveDateTime"] = format_instant(at);
  set_value(observation, fact, value, at);
  return observation;
}

}  // namespace meridian::engine
