// Tokens: a code, its text, and the codes that a value set or a hierarchy means.
#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "record/query/conditions.h"
#include "record/search/keys.h"
#include "record/search/plan.h"
#include "record/store/index_rows.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

const TokenColumns kColumns{"x.code", "x.system"};

// A word of the text begins with it.
std::vector<Sql> text_conditions(std::string_view value) {
  const std::string folded = fold(unescape(value));
  if (folded.empty()) return {};
  return {starts_with("x.folded", folded), {"instr(x.folded, ?) > 0", {" " + folded}}};
}

std::vector<Sql> set_conditions(const CodeSet& codes) {
  std::map<std::string, std::vector<SqlValue>> by_system;
  for (const SystemCode& code : codes) by_system[code.system].emplace_back(code.code);
  std::vector<Sql> alternatives;
  for (auto& [system, values] : by_system) {
    Sql condition{kColumns.system + " = ? AND " + kColumns.code + " IN (?", {hash_of_system(system)}};
    for (std::size_t i = 1; i < values.size(); ++i) condition.text += ", ?";
    alternatives.push_back(condition.add(")", std::move(values)));
  }
  return alternatives;
}

SystemCode code_with_system(const ConditionRequest& request, std::string_view value) {
  const TokenValue token = parse_token(value);
  if (!token.system.empty() && !token.code.empty()) return {token.system, token.code};
  throw Error(ErrorCode::invalid_value,
              ":" + std::string(request.modifier) + " takes a code with its system, as system|code",
              std::string(request.parameter.code));
}

Sql of_type_condition(const ConditionRequest& request, std::string_view value) {
  const std::vector<std::string> parts = split_unescaped(value, '|');
  if (parts.size() != 3 || parts[1].empty() || parts[2].empty())
    throw Error(ErrorCode::invalid_value,
                ":of-type takes the type's system, its code and a value, as "
                "system|code|value",
                std::string(request.parameter.code));
  const std::string system = system_of_type(unescape(parts[0]), unescape(parts[1]));
  return {kColumns.code + " = ? AND " + kColumns.system + " = ?",
          {unescape(parts[2]), hash_of_system(system)}};
}

bool may_be_string(const ConditionRequest& request) {
  const Plan* plan = plan_of(request.type);
  return plan && std::ranges::find(plan->of_strings, &request.parameter) != plan->of_strings.end();
}

}  // namespace

RowConditions token_conditions(const ConditionRequest& request, std::string_view value) {
  const std::string_view modifier = request.modifier;
  if (modifier == "text") return {text_conditions(value)};
  if (modifier == "of-type") return {{of_type_condition(request, value)}, true};
  if (modifier == "in" || modifier == "not-in")
    return {set_conditions(request.terminology->codes_of(unescape(value)))};
  if (modifier == "below")
    return {set_conditions(request.terminology->below(code_with_system(request, value)))};
  if (modifier == "above")
    return {set_conditions(request.terminology->above(code_with_system(request, value)))};
  const TokenValue token = parse_token(value);
  std::vector<Sql> alternatives{token_condition(value, kColumns)};
  if (!token.code.empty() && token.system.empty() && may_be_string(request))
    alternatives.push_back(
        {kColumns.code + " = ? AND " + kColumns.system + " = ?", {lower_case(token.code), kAnyCase}});
  const bool of_one_value = !token.code.empty() && alternatives.size() == 1;
  return {std::move(alternatives), of_one_value};
}

Sql token_condition(std::string_view value, const TokenColumns& columns) {
  const TokenValue token = parse_token(value);
  if (token.any_system) return {columns.code + " = ?", {token.code}};
  const std::int64_t system = hash_of_system(token.system);
  if (token.code.empty()) return {columns.system + " = ?", {system}};
  return {columns.code + " = ? AND " + columns.system + " = ?", {token.code, system}};
}

}  // namespace meridian::record
