#include "record/query/linking_criteria.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "record/query/canonical_links.h"
#include "record/query/conditions.h"
#include "record/query/filter.h"
#include "record/query/functional_lists.h"
#include "record/query/search_value.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr std::string_view kReferences = "reference_index";
constexpr std::size_t kMostFiltered = 4;  // types that one filter within a path may be about

CriterionContext one_link_on(const CriterionContext& context) {
  CriterionContext next = context;
  ++next.depth;
  return next;
}

// What the principal may not read is not asked, and told where nothing else can be.
std::vector<std::string_view> chain_targets(const SearchParameter& parameter, std::string_view only,
                                            std::string_view rest, const trust::Principal& principal) {
  if (!only.empty()) {
    require_role(principal, trust::Act::read, only);
    return {only};
  }
  const std::string_view code = rest.substr(0, rest.find_first_of(":."));
  const auto candidates = parameter.targets.empty() ? resource_types() : parameter.targets;
  std::vector<std::string_view> targets;
  for (const std::string_view target : candidates)
    if (code == "_has" || code == "_filter" || find_search_parameter(target, code)) targets.push_back(target);
  std::vector<std::string_view> readable;
  std::ranges::copy_if(targets, std::back_inserter(readable), [&](std::string_view target) {
    return trust::role_may(principal.role, trust::Act::read, target);
  });
  if (readable.empty() && !targets.empty()) require_role(principal, trust::Act::read, targets.front());
  return readable;
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

// The same as chain_through, by the URL of what has one.
Criterion chain_through_url(std::string_view type, const SearchParameter& parameter, std::string_view target,
                            const Criterion& inner, const CriterionContext& context) {
  const std::string to(target);
  const Sql named = names_by_url(std::array{to});
  Criterion criterion;
  criterion.checking =
      Sql{"EXISTS (SELECT 1 FROM reference_index x WHERE x.resource = r.key AND x.target_type = '' AND ", {}}
          .add(rows_of(type, parameter, kReferences))
          .add(" AND EXISTS (SELECT 1 FROM uri_index u CROSS JOIN resource r ON r.key = u.resource WHERE ")
          .add(named)
          .add(" AND r.type = ?", {to})
          .add(holds_for_other_end(inner, context))
          .add("))");
  if (!inner.can_find()) return criterion;
  std::vector<Sql> selects;
  for (const Sql& rows : ranges_of_rows(type, parameter, kReferences))
    selects.push_back(Sql{"SELECT x.resource AS key", {}}
                          .add(found_at_other_end(inner))
                          .add(" CROSS JOIN uri_index u ON u.resource = r.key CROSS JOIN reference_index x "
                               "ON ")
                          .add(rows)
                          .add(" AND ")
                          .add(named)
                          .add(" WHERE +r.type = ? AND +r.deleted = 0 AND ", {to})
                          .add(context.visible));
  criterion.finding = Sql::all_rows_of(selects);
  return criterion;
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

// The resources of the type that a source for which the inner criterion holds refers to.
Criterion referred_to_from(std::string_view type, std::string_view source, const SearchParameter& parameter,
                           const Criterion& inner, const CriterionContext& context) {
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
  criterion.finding = Sql{"SELECT t.key AS key", {}}
                          .add(found_at_other_end(inner))
                          .add(
                              " CROSS JOIN reference_index x ON x.resource = r.key AND x.target_type = ? AND "
                              "",
                              {asked_for})
                          .add(rows_of(source, parameter, kReferences))
                          .add(" CROSS JOIN resource t ON t.type = ? AND t.id = x.target_id", {asked_for})
                          .add(" WHERE +r.type = ? AND +r.deleted = 0 AND ", {std::string(source)})
                          .add(context.visible);
  return criterion;
}

// The same, by the URL of what has one.
Criterion named_from(std::string_view type, std::string_view source, const SearchParameter& parameter,
                     const Criterion& inner, const CriterionContext& context) {
  const std::string asked_for(type);
  const Sql named = names_by_url(std::array{asked_for});
  Criterion criterion;
  criterion.checking = Sql{"EXISTS (SELECT 1 FROM uri_index u CROSS JOIN reference_index x ON ", {}}
                           .add(rows_of(source, parameter, kReferences))
                           .add(" AND ")
                           .add(named)
                           .add(" WHERE u.resource = r.key AND ")
                           .add(holds_for_source(inner, context))
                           .add(")");
  if (!inner.can_find()) return criterion;
  criterion.finding = Sql{"SELECT t.key AS key", {}}
                          .add(found_at_other_end(inner))
                          .add(" CROSS JOIN reference_index x ON x.resource = r.key AND ")
                          .add(rows_of(source, parameter, kReferences))
                          .add(" CROSS JOIN uri_index u ON ")
                          .add(named)
                          .add(" CROSS JOIN resource t ON t.key = u.resource AND t.type = ?", {asked_for})
                          .add(" WHERE +r.type = ? AND +r.deleted = 0 AND ", {std::string(source)})
                          .add(context.visible);
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

Sql on_lists(std::string_view value, const CriterionContext& context) {
  static const SearchParameter& item = *find_search_parameter("List", "item");
  require_role(context.principal, trust::Act::read, "List");
  Sql listed{" FROM resource r CROSS JOIN reference_index x ON x.resource = r.key AND ", {}};
  listed.add(rows_of("List", item, kReferences));
  listed.add(" WHERE r.type = 'List' AND r.deleted = 0 AND ").add(context.visible).add(" AND r.id IN (");
  bool first = true;
  for (std::string id : split_unescaped(value, ',')) {
    if (id.starts_with('$'))
      throw Error(ErrorCode::invalid_request, "The list " + id.substr(0, 80) + " stands alone", "_list");
    if (id.starts_with("List/")) id.erase(0, 5);
    listed.add(std::exchange(first, false) ? "?" : ", ?", {std::move(id)});
  }
  return listed.add(")");
}

Criterion chain_criterion(std::string_view type, std::string_view head, std::string_view rest,
                          std::string_view value, const CriterionContext& context) {
  const auto colon = head.find(':');
  const std::string_view only = colon == std::string_view::npos ? std::string_view() : head.substr(colon + 1);
  const SearchParameter& parameter = reference_parameter(type, head.substr(0, colon));
  if (!only.empty() && !is_resource_type(only))
    throw Error(ErrorCode::invalid_request, "\"" + std::string(head) + "\" does not lead to another resource",
                std::string(head));
  const std::vector<std::string_view> targets = chain_targets(parameter, only, rest, context.principal);
  if (rest == "_filter" && targets.size() > kMostFiltered)
    throw Error(ErrorCode::invalid_request, "\"" + std::string(head) + "\" leads to many types",
                std::string(head), "Name one, as " + std::string(head) + ":Patient");
  std::vector<Sql> checks, selects;
  bool can_find = true;
  for (const std::string_view target : targets) {
    const std::optional<Criterion> found = criterion_at(target, rest, value, context, !only.empty());
    if (!found) continue;
    const Criterion& inner = *found;
    std::vector<Criterion> ways{chain_through(type, parameter, target, inner, context)};
    if (is_canonical(target)) ways.push_back(chain_through_url(type, parameter, target, inner, context));
    for (Criterion& through : ways) {
      can_find = can_find && through.can_find();
      selects.push_back(std::move(through.finding));
      checks.push_back(std::move(through.checking));
    }
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
  require_role(context.principal, trust::Act::read, source);
  const SearchParameter& parameter = reference_parameter(source, name.substr(first + 1, second - first - 1));
  const Criterion inner = criterion_of(source, name.substr(second + 1), value, one_link_on(context));
  Criterion criterion = referred_to_from(type, source, parameter, inner, context);
  if (!is_canonical(type)) return criterion;
  const Criterion by_url = named_from(type, source, parameter, inner, context);
  criterion.checking = Sql::any_of({criterion.checking, by_url.checking});
  if (criterion.can_find()) criterion.finding = Sql::all_rows_of({criterion.finding, by_url.finding});
  return criterion;
}

Criterion list_criterion(std::string_view type, std::string_view value, const CriterionContext& context) {
  if (value.starts_with('$')) return functional_list_criterion(type, std::string(value), context);
  const std::string asked_for(type);
  const Sql listed = on_lists(value, context).add(" AND x.target_type = ?", {asked_for});
  Criterion criterion;
  criterion.checking = Sql{"r.id IN (SELECT x.target_id", {}}.add(listed).add(")");
  criterion.finding = Sql{"SELECT t.key AS key FROM (SELECT x.target_id AS id", {}}.add(listed).add(
      ") listed CROSS JOIN resource t ON t.type = ? AND t.id = listed.id", {asked_for});
  return criterion;
}

}  // namespace meridian::record
