#include "record/query/criterion.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/query/filter.h"
#include "record/query/search_value.h"
#include "record/store/index_rows.h"

namespace meridian::record {
namespace {

constexpr int kDeepestChain = 5;
constexpr std::size_t kMostAlternatives = 200;  // SQLite joins at most 500 SELECTs

Criterion id_criterion(std::string_view value, bool negated) {
  Sql condition{"r.id IN (", {}};
  for (const std::string& id : split_unescaped(value, ','))
    condition.add(condition.values.empty() ? "?" : ", ?", {id});
  Criterion criterion = criterion_on_resource(condition.add(")"));
  criterion.negated = negated;
  return criterion;
}

Criterion updated_criterion(std::string_view value) {
  Criterion criterion;
  for (const std::string& part : split_unescaped(value, ','))
    for (Sql& alternative : date_conditions(part, {"r.updated", "r.updated"}))
      criterion.alternatives.push_back(std::move(alternative));
  return criterion;
}

// "true" or "false" after :missing.
Criterion missing_criterion(std::string_view type, const SearchParameter& parameter, std::string_view value) {
  if (value != "true" && value != "false")
    throw Error(ErrorCode::invalid_value,
                ":missing takes true or false, not \"" + std::string(value.substr(0, 20)) + "\"",
                std::string(parameter.code));
  Sql present{"(", {}};
  present.add("EXISTS (SELECT 1 FROM " + std::string(index_table_of(parameter.type)) +
                  " x WHERE x.resource = r.key AND x.field = ?)",
              {field_of(type, parameter)});
  if (parameter.type == SearchType::reference)
    present.add(" OR EXISTS (SELECT 1 FROM token_index x WHERE x.resource = r.key AND x.field = ?)",
                {field_of(type, parameter)});
  Criterion criterion = criterion_on_resource(present.add(")"));
  criterion.negated = value == "true";
  return criterion;
}

Criterion plain_criterion(std::string_view type, const SearchParameter& parameter, std::string_view modifier,
                          std::string_view value, const CriterionContext& context) {
  const ConditionRequest request{
      type, parameter, modifier, context.base_url, &context.terminology, context.in_filter};
  Criterion criterion;
  criterion.table = table_of(request);
  criterion.field = field_of(type, parameter);
  criterion.negated = modifier == "not" || modifier == "not-in";
  for (const std::string& part : split_unescaped(value, ','))
    for (Sql& alternative : conditions_of(request, part))
      criterion.alternatives.push_back(std::move(alternative));
  if (criterion.alternatives.size() > kMostAlternatives)
    throw Error(ErrorCode::invalid_request,
                "More than " + std::to_string(kMostAlternatives) + " values are given",
                std::string(parameter.code), "Ask in several requests");
  return criterion;
}

CriterionContext one_link_on(const CriterionContext& context) {
  CriterionContext next = context;
  ++next.depth;
  return next;
}

std::vector<std::string_view> chain_targets(const SearchParameter& parameter, std::string_view only,
                                            std::string_view rest) {
  if (!only.empty()) return {only};
  const std::string_view code = rest.substr(0, rest.find_first_of(":."));
  const auto candidates = parameter.targets.empty() ? resource_types() : parameter.targets;
  std::vector<std::string_view> targets;
  for (const std::string_view target : candidates)
    if (code == "_has" || find_search_parameter(target, code)) targets.push_back(target);
  return targets;
}

// subject:Patient.name: the references of the resource to those that the rest holds for.
Criterion chain_criterion(std::string_view type, std::string_view head, std::string_view rest,
                          std::string_view value, const CriterionContext& context) {
  const auto colon = head.find(':');
  const std::string_view only = colon == std::string_view::npos ? std::string_view() : head.substr(colon + 1);
  const SearchParameter* parameter = find_search_parameter(type, head.substr(0, colon));
  if (!parameter) fail_unknown_parameter(type, head);
  if (parameter->type != SearchType::reference || (!only.empty() && !is_resource_type(only)))
    throw Error(ErrorCode::invalid_request, "\"" + std::string(head) + "\" does not lead to another resource",
                std::string(head));
  Criterion criterion{"reference_index", field_of(type, *parameter), {}, false};
  for (const std::string_view target : chain_targets(*parameter, only, rest)) {
    const Criterion inner = criterion_of(target, rest, value, one_link_on(context));
    criterion.alternatives.push_back(
        Sql{"x.target_type = ? AND x.target_id IN (SELECT r.id FROM resource r WHERE r.type = ? AND "
            "r.deleted = 0 AND ",
            {std::string(target), std::string(target)}}
            .add(inner.condition())
            .add(" AND ")
            .add(context.visible)
            .add(")"));
  }
  if (criterion.alternatives.empty())
    fail_unknown_parameter(type, std::string(head) + "." + std::string(rest));
  return criterion;
}

// _has:Observation:patient:code: those that a resource for which the rest holds refers to.
Criterion has_criterion(std::string_view type, std::string_view name, std::string_view value,
                        const CriterionContext& context) {
  const auto first = name.find(':'),
             second = first == std::string_view::npos ? first : name.find(':', first + 1);
  if (second == std::string_view::npos || !is_resource_type(name.substr(0, first)))
    throw Error(ErrorCode::invalid_request, "_has is written _has:Type:reference:parameter",
                "_has:" + std::string(name));
  const std::string_view source = name.substr(0, first), code = name.substr(first + 1, second - first - 1);
  const SearchParameter* parameter = find_search_parameter(source, code);
  if (!parameter || parameter->type != SearchType::reference) fail_unknown_parameter(source, code);
  const Criterion inner = criterion_of(source, name.substr(second + 1), value, one_link_on(context));
  return criterion_on_resource(
      Sql{"r.id IN (SELECT x.target_id FROM reference_index x WHERE x.field = ? AND x.target_type = ?"
          " AND x.resource IN (SELECT r.key FROM resource r WHERE r.type = ? AND r.deleted = 0 AND ",
          {field_of(source, *parameter), std::string(type), std::string(source)}}
          .add(inner.condition())
          .add(" AND ")
          .add(context.visible)
          .add("))"));
}

// _list=ID: what the entries of these lists refer to.
Criterion list_criterion(std::string_view type, std::string_view value, const CriterionContext& context) {
  static const SearchParameter& item = *find_search_parameter("List", "item");
  Sql condition{
      "r.id IN (SELECT x.target_id FROM resource r CROSS JOIN reference_index x ON x.resource = r.key"
      " WHERE r.type = 'List' AND r.deleted = 0 AND x.field = ? AND x.target_type = ? AND ",
      {field_of("List", item), std::string(type)}};
  condition.add(context.visible).add(" AND r.id IN (");
  bool first = true;
  for (std::string id : split_unescaped(value, ',')) {
    if (id.starts_with('$'))
      throw Error(ErrorCode::not_supported, "The list " + id.substr(0, 80) + " is not kept", "_list");
    if (id.starts_with("List/")) id.erase(0, 5);
    condition.add(std::exchange(first, false) ? "?" : ", ?", {std::move(id)});
  }
  return criterion_on_resource(condition.add("))"));
}

// No definition says how the values of such a parameter (_text, _content, _query) are found.
bool is_extracted(const SearchParameter& parameter) {
  return !parameter.expression.empty();
}

}  // namespace

Criterion criterion_on_resource(Sql condition) {
  Criterion criterion;
  criterion.alternatives.push_back(std::move(condition));
  return criterion;
}

void fail_unknown_parameter(std::string_view type, std::string_view name) {
  throw Error(ErrorCode::invalid_request,
              std::string(type) + " has no search parameter \"" + std::string(name.substr(0, 80)) + "\"",
              std::string(name.substr(0, 80)),
              "See the CapabilityStatement (/fhir/metadata), or ask with Prefer: handling=lenient to have it "
              "ignored");
}

Sql Criterion::finding() const {
  Sql select;
  for (const Sql& alternative : alternatives)
    select.add(select.text.empty() ? "" : " UNION ALL ")
        .add("SELECT x.resource FROM " + std::string(table) + " x WHERE x.field = ? AND ", {field})
        .add(alternative);
  return select;
}

Sql Criterion::checking() const {
  Sql condition{negated ? "NOT " : "", {}};
  if (table.empty()) return condition.add(Sql::any_of(alternatives));
  return condition
      .add("EXISTS (SELECT 1 FROM " + std::string(table) + " x WHERE x.resource = r.key AND x.field = ? AND ",
           {field})
      .add(Sql::any_of(alternatives))
      .add(")");
}

Sql Criterion::condition() const {
  return can_find() ? Sql{"r.key IN (", {}}.add(finding()).add(")") : checking();
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
  if (code == "_id" && (modifier.empty() || modifier == "not")) return id_criterion(value, modifier == "not");
  if (code == "_lastUpdated" && modifier.empty()) return updated_criterion(value);
  const SearchParameter* parameter = find_search_parameter(type, code);
  if (!parameter || !is_extracted(*parameter)) fail_unknown_parameter(type, code);
  if (modifier == "missing") return missing_criterion(type, *parameter, value);
  return plain_criterion(type, *parameter, modifier, value, context);
}

}  // namespace meridian::record
