#include "record/query/criterion.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/query/filter.h"
#include "record/query/linking_criteria.h"
#include "record/query/search_value.h"
#include "record/query/text_criteria.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

constexpr int kDeepestChain = 5;
constexpr std::size_t kMostAlternatives = 200;  // twice as many with two fields: SQLite joins 500 SELECTs

// A condition on resources r of the type as SELECT of their keys.
Sql keys_where(std::string_view type, const Sql& condition) {
  return Sql{"SELECT r.key AS key FROM resource r WHERE r.type = ? AND ", {std::string(type)}}.add(condition);
}

Criterion id_criterion(std::string_view type, std::string_view value, bool negated) {
  Sql condition{negated ? "r.id NOT IN (" : "r.id IN (", {}};
  for (const std::string& id : split_unescaped(value, ','))
    condition.add(condition.values.empty() ? "?" : ", ?", {id});
  condition.add(")");
  return {condition, negated ? Sql() : keys_where(type, condition)};
}

Criterion updated_criterion(std::string_view type, std::string_view value) {
  std::vector<Sql> conditions, selects;
  for (const std::string& part : split_unescaped(value, ','))
    for (Sql& condition : date_conditions(part, {"r.updated", "r.updated"})) {
      selects.push_back(keys_where(type, condition));
      conditions.push_back(std::move(condition));
    }
  return {Sql::any_of(conditions), Sql::all_rows_of(selects)};
}

// "true" or "false" after :missing.
Criterion missing_criterion(std::string_view type, const SearchParameter& parameter, std::string_view value) {
  if (value != "true" && value != "false")
    throw Error(ErrorCode::invalid_value,
                ":missing takes true or false, not \"" + std::string(value.substr(0, 20)) + "\"",
                std::string(parameter.code));
  if (parameter.code == "_id" || parameter.code == "_lastUpdated")  // columns of the resource itself
    return criterion_on_resource({value == "true" ? "FALSE" : "TRUE", {}});
  const auto present_in = [&](std::string_view table) {
    return Sql{"EXISTS (SELECT 1 FROM " + std::string(table) + " x WHERE x.resource = r.key AND ", {}}
        .add(rows_of(type, parameter, table))
        .add(")");
  };
  std::vector<Sql> present{present_in(index_table_of(parameter.type))};
  // The type of a logical reference is not kept.
  if (parameter.type == SearchType::reference && stored_fields(type, parameter).target.empty())
    present.push_back(present_in("token_index"));
  return {.checking = Sql{value == "true" ? "NOT " : "", {}}.add(Sql::any_of(present)),
          .finding = {},
          .by_key = true};
}

// Of the conditions on rows x of a table that a parameter's values are in.
Criterion criterion_on_rows(std::string_view type, const ConditionRequest& request,
                            const RowConditions& conditions) {
  const std::string table(table_of(request));
  const std::vector<Sql> kept_as = ranges_of_rows(type, request.parameter, table);
  Criterion criterion;
  criterion.checking = Sql{"EXISTS (SELECT 1 FROM " + table + " x WHERE x.resource = r.key AND ", {}}
                           .add(rows_of(type, request.parameter, table))
                           .add(" AND ")
                           .add(Sql::any_of(conditions.alternatives))
                           .add(")");
  std::vector<Sql> selects;
  for (const Sql& alternative : conditions.alternatives)
    for (const Sql& rows : kept_as)
      selects.push_back(
          Sql{"SELECT x.resource AS key FROM " + table + " x WHERE ", {}}.add(rows).add(" AND ").add(
              alternative));
  criterion.finding = Sql::all_rows_of(selects);
  criterion.in_key_order = conditions.of_one_value && selects.size() == 1;
  criterion.by_key = true;
  return criterion;
}

Criterion plain_criterion(std::string_view type, const SearchParameter& parameter, std::string_view modifier,
                          std::string_view value, const CriterionContext& context) {
  const ConditionRequest request{type,
                                 parameter,
                                 modifier,
                                 context.base_url,
                                 &context.terminology,
                                 &context.principal,
                                 context.in_filter};
  table_of(request);  // refuses a modifier that it has not, whatever the value
  RowConditions conditions{{}, true};
  for (const std::string& part : split_unescaped(value, ',')) {
    RowConditions more = conditions_of(request, part);
    conditions.of_one_value = conditions.of_one_value && more.of_one_value && conditions.alternatives.empty();
    std::ranges::move(more.alternatives, std::back_inserter(conditions.alternatives));
  }
  if (conditions.alternatives.size() > kMostAlternatives)
    throw Error(ErrorCode::invalid_request,
                "More than " + std::to_string(kMostAlternatives) + " values are given",
                std::string(parameter.code), "Ask in several requests");
  Criterion criterion = criterion_on_rows(type, request, conditions);
  if (modifier != "not" && modifier != "not-in") return criterion;
  return {.checking = Sql{"NOT ", {}}.add(criterion.checking), .finding = {}, .by_key = true};
}

// No definition says how the values of such a parameter (_query) are found.
bool is_extracted(const SearchParameter& parameter) {
  return !parameter.expression.empty();
}

}  // namespace

Criterion criterion_on_resource(Sql condition) {
  return {std::move(condition), {}};
}

void fail_unknown_parameter(std::string_view type, std::string_view name) {
  throw Error(ErrorCode::invalid_request,
              std::string(type) + " has no search parameter \"" + std::string(name.substr(0, 80)) + "\"",
              std::string(name.substr(0, 80)),
              "See the CapabilityStatement (/fhir/metadata), or ask with Prefer: handling=lenient to have it "
              "ignored");
}

Sql Criterion::condition() const {
  return can_find() ? Sql{"r.key IN (", {}}.add(finding).add(")") : checking;
}

Criterion criterion_of(std::string_view type, std::string_view name, std::string_view value,
                       const CriterionContext& context) {
  if (context.depth > kDeepestChain)
    throw Error(ErrorCode::invalid_request,
                "The chain has more than " + std::to_string(kDeepestChain) + " links",
                std::string(name.substr(0, 80)));
  if (name.starts_with("_has:")) return has_criterion(type, name.substr(5), value, context);
  if (const auto dot = name.find('.'); dot != std::string_view::npos)
    return chain_criterion(type, name.substr(0, dot), name.substr(dot + 1), value, context);
  if (name == "_list") return list_criterion(type, value, context);
  if (name == "_filter") return filter_criterion(type, value, context);
  const auto colon = name.find(':');
  const std::string_view code = name.substr(0, colon);
  const std::string_view modifier =
      colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
  if (code == "_id" && (modifier.empty() || modifier == "not"))
    return id_criterion(type, value, modifier == "not");
  if (is_text_parameter(code) && modifier.empty() && find_search_parameter(type, code))
    return text_criterion(type, code, value);
  if (code == "_lastUpdated" && modifier.empty()) return updated_criterion(type, value);
  const SearchParameter* parameter = find_search_parameter(type, code);
  if (!parameter || !is_extracted(*parameter)) fail_unknown_parameter(type, code);
  if (modifier == "missing") return missing_criterion(type, *parameter, value);
  return plain_criterion(type, *parameter, modifier, value, context);
}

}  // namespace meridian::record
