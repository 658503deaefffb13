#include "record/terminology/concept_filter.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/error.h"
#include "record/query/search_value.h"

namespace meridian::record {
namespace {

using Values = std::vector<std::string>;

// What the filter's property says of the concept; "concept" and "code" are the code itself.
Values values_of(const CodeSystem& system, const std::string& property, const std::string& code) {
  if (property == "concept" || property == "code") return {code};
  const Json* concept_ = system.find(code);
  if (!concept_) return {};
  if (property == "display") return {concept_->text("display")};
  return property_values(*concept_, property);
}

ConceptTest by_hierarchy(const CodeSystem& system, const std::string& op, const std::string& value) {
  std::set<std::string> codes = op == "generalizes" ? system.above(value) : system.below(value);
  if (op != "descendent-of") codes.insert(value);
  const bool expected = op != "is-not-a";
  return [codes = std::move(codes), expected](const std::string& code) {
    return codes.contains(code) == expected;
  };
}

ConceptTest by_values(const CodeSystem& system, const std::string& property,
                      const std::function<bool(const Values&)>& test) {
  return
      [&system, property, test](const std::string& code) { return test(values_of(system, property, code)); };
}

ConceptTest by_pattern(const CodeSystem& system, const std::string& property, const std::string& pattern) {
  const auto expression = std::make_shared<const re2::RE2>(pattern, re2::RE2::Quiet);
  if (!expression->ok())
    throw Error(ErrorCode::invalid_value, "The filter's regular expression is none: " + expression->error(),
                "ValueSet.compose.include.filter.value");
  return by_values(system, property, [expression](const Values& values) {
    return std::ranges::any_of(
        values, [&](const std::string& value) { return re2::RE2::FullMatch(value, *expression); });
  });
}

}  // namespace

ConceptTest concept_test(const CodeSystem& system, const Json& filter) {
  const std::string property = filter.text("property"), op = filter.text("op"), value = filter.text("value");
  const bool hierarchical = op == "is-a" || op == "descendent-of" || op == "is-not-a" || op == "generalizes";
  if (hierarchical && property == "concept") return by_hierarchy(system, op, value);
  if (op == "regex") return by_pattern(system, property, value);
  if (op == "exists")
    return by_values(system, property,
                     [wanted = value != "false"](const Values& values) { return values.empty() != wanted; });
  if (op == "=" || op == "in" || op == "not-in") {
    const Values wanted = op == "=" ? Values{value} : split_unescaped(value, ',');
    return by_values(system, property, [wanted, expected = op != "not-in"](const Values& values) {
      return std::ranges::any_of(values, [&](const std::string& one) {
               return std::ranges::find(wanted, one) != wanted.end();
             }) == expected;
    });
  }
  throw Error(ErrorCode::not_supported, "The filter " + property + " " + op + " is not known");
}

}  // namespace meridian::record
