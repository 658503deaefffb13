#include "record/query/linking_criteria.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/query/filter.h"
#include "record/query/functional_lists.h"
#include "record/query/search_value.h"

namespace meridian::record {
namespace {

constexpr std::string_view kReferences = "reference_index";
constexpr std::size_t kMostFiltered = 4;  // types that one filter within a path may be about

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
    if (code == "_has" || code == "_filter" || find_search_parameter(target, code)) targets.push_back(target);
  return targets;
}

const SearchParameter& reference_parameter(std::string_view type, std::string_view code) {
  const SearchParameter* parameter = find_search_parameter(type, code);
  if (!parameter) fail_unknown_parameter(type, code);
  if (parameter->type == SearchType::reference) return *parameter;
  throw Error(ErrorCode::invalid_request, "\"" + std::string(code) + "\" does not lead to another resource",
              std::string(code));
}

// What both forms ask of the resource at the other end, r of an inner SELECT.
Sql holds_for_other_end(const Criterion& inner, const CriterionContext& context) {
  return Sql{" AND r.deleted = 0 AND ", {}}.add(inner.checking).add(" AND ").add(context.visible);
}

// The same of the resource whose reference the row x is. Its row is only looked for where its key is not
// enough to say no.
Sql holds_for_source(const Criterion& inner, const CriterionContext& context) {
  Sql sql;
  if (!inner.by_key)
    return sql.add("EXISTS (SELECT 1 FROM resource r WHERE r.key = x.resource")
        .add(holds_for_other_end(inner, context))
        .add(")");
  return sql.add("EXISTS (SELECT 1 FROM (SELECT x.resource AS key) r WHERE ")
      .add(inner.checking)
      .add(") AND EXISTS (SELECT 1 FROM resource r WHERE r.key = x.resource AND r.deleted = 0 AND ")
      .add(context.visible)
      .add(")");
}

// The resources at the other end that the inner criterion finds, r, for what is joined to them.
Sql found_at_other_end(const Criterion& inner) {
  return Sql{" FROM (", {}}.add(inner.finding).add(") f CROSS JOIN resource r ON r.key = f.key");
}

// One type that a chain leads to.
Criterion chain_through(std::string_view type, const SearchParameter& parameter, std::string_view target,
                        const Criterion& inner, const CriterionContext& context) {
  const std::string to(target);
  Criterion criterion;
  criterion.checking =
      Sql{"EXISTS (SELECT 1 FROM reference_index x WHERE x.resource = r.key AND x.target_type = ? AND ", {to}}
          .add(rows_of(type, parameter, kReferences))
          .add(" AND EXISTS (SELECT 1 FROM resource r WHERE r.type = ? AND r.id = x.target_id", {to})
          .add(holds_for_other_end(inner, context))
          .add("))");
  if (!inner.can_find()) return criterion;
  std::vector<Sql> selects;
  for (const Sql& rows : ranges_of_rows(type, parameter, kReferences))
    selects.push_back(
        Sql{"SELECT x.resource AS key", {}}
            .add(found_at_other_end(inner))
            .add(" CROSS JOIN reference_index x ON x.target_id = r.id AND x.target_type = ? AND ", {to})
            .add(rows)
            .add(" WHERE +r.type = ? AND +r.deleted = 0 AND ", {to})
            .add(context.visible));
  criterion.finding = Sql::all_rows_of(selects);
  return criterion;
}

// Of a target that the client did not name, a filter may ask for what it has not: nothing.
std::optional<Criterion> criterion_at(std::string_view target, std::string_view rest, std::string_view value,
                                      const CriterionContext& context, bool named) {
  try {
    return criterion_of(target, rest, value, one_link_on(context));
  } catch (const Error& error) {
    if (named || rest != "_filter" || error.code() != ErrorCode::invalid_request) throw;
    return {};
  }
}

Criterion functional_list_criterion(std::string_view type, const std::string& list,
                                    const CriterionContext& context) {
  const std::string filter = filter_of_list(list, type);
  return filter.empty() ? criterion_on_resource(Sql::any_of({})) : filter_criterion(type, filter, context);
}

}  // namespace

Criterion chain_criterion(std::string_view type, std::string_view head, std::string_view rest,
                          std::string_view value, const CriterionContext& context) {
  const auto colon = head.find(':');
  const std::string_view only = colon == std::string_view::npos ? std::string_view() : head.substr(colon + 1);
  const SearchParameter& parameter = reference_parameter(type, head.substr(0, colon));
  if (!only.empty() && !is_resource_type(only))
    throw Error(ErrorCode::invalid_request, "\"" + std::string(head) + "\" does not lead to another resource",
                std::string(head));
  const std::vector<std::string_view> targets = chain_targets(parameter, only, rest);
  if (rest == "_filter" && targets.size() > kMostFiltered)
    throw Error(ErrorCode::invalid_request, "\"" + std::string(head) + "\" leads to many types",
                std::string(head), "Name one, as " + std::string(head) + ":Patient");
  std::vector<Sql> checks, selects;
  bool can_find = true;
  for (const std::string_view target : targets) {
    const std::optional<Criterion> found = criterion_at(target, rest, value, context, !only.empty());
    if (!found) continue;
    const Criterion& inner = *found;
    Criterion through = chain_through(type, parameter, target, inner, context);
    can_find = can_find && through.can_find();
    selects.push_back(std::move(through.finding));
    checks.push_back(std::move(through.checking));
  }
  if (checks.empty()) fail_unknown_parameter(type, std::string(head) + "." + std::string(rest));
  return {.checking = Sql::any_of(checks),
          .finding = can_find ? Sql::all_rows_of(selects) : Sql(),
          .by_key = true};
}

Criterion has_criterion(std::string_view type, std::string_view name, std::string_view value,
                        const CriterionContext& context) {
  const auto first = name.find(':'),
             second = first == std::string_view::npos ? first : name.find(':', first + 1);
  if (second == std::string_view::npos || !is_resource_type(name.substr(0, first)))
    throw Error(ErrorCode::invalid_request, "_has is written _has:Type:reference:parameter",
                "_has:" + std::string(name));
  const std::string_view source = name.substr(0, first);
  const SearchParameter& parameter = reference_parameter(source, name.substr(first + 1, second - first - 1));
  const Criterion inner = criterion_of(source, name.substr(second + 1), value, one_link_on(context));
  const std::string asked_for(type);
  Criterion criterion;
  criterion.checking =
      Sql{"EXISTS (SELECT 1 FROM reference_index x WHERE x.target_id = r.id AND x.target_type = ? AND ",
          {asked_for}}
          .add(rows_of(source, parameter, kReferences))
          .add(" AND ")
          .add(holds_for_source(inner, context))
          .add(")");
  if (!inner.can_find()) return criterion;
  criterion.finding =
      Sql{"SELECT t.key AS key", {}}
          .add(found_at_other_end(inner))
          .add(" CROSS JOIN reference_index x ON x.resource = r.key AND x.target_type = ? AND ", {asked_for})
          .add(rows_of(source, parameter, kReferences))
          .add(" CROSS JOIN resource t ON t.type = ? AND t.id = x.target_id", {asked_for})
          .add(" WHERE +r.type = ? AND +r.deleted = 0 AND ", {std::string(source)})
          .add(context.visible);
  return criterion;
}

Criterion list_criterion(std::string_view type, std::string_view value, const CriterionContext& context) {
  if (value.starts_with('$')) return functional_list_criterion(type, std::string(value), context);
  static const SearchParameter& item = *find_search_parameter("List", "item");
  const std::string asked_for(type);
  Sql entries{
      " FROM resource r CROSS JOIN reference_index x ON x.resource = r.key AND x.target_type = ? AND ",
      {asked_for}};
  entries.add(rows_of("List", item, kReferences));
  Sql lists{" WHERE r.type = 'List' AND r.deleted = 0 AND ", {}};
  lists.add(context.visible).add(" AND r.id IN (");
  bool first = true;
  for (std::string id : split_unescaped(value, ',')) {
    if (id.starts_with('$'))
      throw Error(ErrorCode::invalid_request, "The list " + id.substr(0, 80) + " stands alone", "_list");
    if (id.starts_with("List/")) id.erase(0, 5);
    lists.add(std::exchange(first, false) ? "?" : ", ?", {std::move(id)});
  }
  lists.add(")");
  Criterion criterion;
  criterion.checking = Sql{"r.id IN (SELECT x.target_id", {}}.add(entries).add(lists).add(")");
  criterion.finding = Sql{"SELECT t.key AS key", {}}
                          .add(entries)
                          .add(" CROSS JOIN resource t ON t.type = ? AND t.id = x.target_id", {asked_for})
                          .add(lists);
  return criterion;
}

}  // namespace meridian::record
