#include "assistants/imaging/conditions.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/fact_table.h"
#include "base/text.h"

namespace meridian::assistants::imaging {
namespace {

using Kind = engine::CaseFact::Kind;

constexpr const char* kTable = "imaging_follow_up.csv";
constexpr std::array<std::string_view, 4> kRelations{"!=", ">=", "=", "<"};  // the longer before their parts

std::optional<engine::FactValue> value_of(const engine::CaseFact& fact, const engine::Input& input,
                                          const engine::Reading& reading);

std::optional<engine::FactValue> any_of(const engine::CaseFact& fact, const engine::Input& input,
                                        const engine::Reading& reading) {
  bool all_known = true;
  for (const std::string& part : fact.codes) {
    const auto value = value_of(engine::case_fact(part), input, reading);
    if (value && engine::is_affirmed(*value)) return "yes";
    all_known = all_known && value;
  }
  if (!all_known) return {};
  return "no";
}

std::optional<engine::FactValue> measured(const engine::CaseFact& fact, const engine::Reading& reading) {
  for (const engine::Finding& finding : reading.findings)
    for (const engine::Measurement& one : finding.measurements)
      if (std::ranges::find(fact.codes, one.code.token()) != fact.codes.end()) return one.value;
  return {};
}

std::optional<engine::FactValue> value_of(const engine::CaseFact& fact, const engine::Input& input,
                                          const engine::Reading& reading) {
  switch (fact.kind) {
    case Kind::any_of:
      return any_of(fact, input, reading);
    case Kind::measured:
      return measured(fact, reading);
    case Kind::age:
      if (input.subject.age_years) return *input.subject.age_years;
      return engine::recorded_value(fact, input);
    default:
      return engine::recorded_value(fact, input);
  }
}

bool is_choice(const engine::CaseFact& fact, const std::string& value) {
  if (fact.kind == Kind::any_of) return value == "yes" || value == "no";
  return std::ranges::find(fact.options, value, &engine::CaseFact::Option::value) != fact.options.end();
}

}  // namespace

Condition::Condition(const std::string& text) {
  const auto relation = std::ranges::find_if(
      kRelations, [&](std::string_view one) { return text.find(one) != std::string::npos; });
  if (relation == kRelations.end()) refuse_fact_table(kTable, text);
  const auto place = text.find(*relation);
  relation_ = *relation;
  fact_ = &engine::case_fact(text.substr(0, place));
  value_ = text.substr(place + relation->size());
  if (relation_ == "=" || relation_ == "!=") {
    if (!is_choice(*fact_, value_)) refuse_fact_table(kTable, text);
    return;
  }
  char* end = nullptr;
  limit_ = std::strtod(value_.c_str(), &end);
  const bool is_number = fact_->kind != Kind::choice && fact_->kind != Kind::any_of;
  if (value_.empty() || *end != '\0' || !is_number) refuse_fact_table(kTable, text);
}

std::vector<Condition> Condition::parse_all(const std::string& text) {
  std::vector<Condition> all;
  if (text.empty()) return all;
  for (const std::string& one : split(text, ';')) all.push_back(Condition(std::string(trimmed(one))));
  return all;
}

Truth Condition::holds(const engine::Input& input, const engine::Reading& reading) const {
  const auto value = value_of(*fact_, input, reading);
  if (!value) return Truth::unknown;
  if (!limit_)
    return (std::get<std::string>(*value) == value_) == (relation_ == "=") ? Truth::yes : Truth::no;
  return (std::get<double>(*value) >= *limit_) == (relation_ == ">=") ? Truth::yes : Truth::no;
}

std::optional<double> Condition::number(const engine::Input& input, const engine::Reading& reading) const {
  const auto value = value_of(*fact_, input, reading);
  if (!value || !std::holds_alternative<double>(*value)) return {};
  return std::get<double>(*value);
}

std::vector<const engine::CaseFact*> unknown_parts(const engine::CaseFact& fact, const engine::Input& input) {
  std::vector<const engine::CaseFact*> parts;
  if (fact.kind != Kind::any_of) {
    if (fact.is_asked()) parts.push_back(&fact);
    return parts;
  }
  for (const std::string& name : fact.codes) {
    const engine::CaseFact& part = engine::case_fact(name);
    if (!engine::recorded_value(part, input)) parts.push_back(&part);
  }
  return parts;
}

}  // namespace meridian::assistants::imaging
