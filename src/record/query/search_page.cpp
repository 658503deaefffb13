#include "record/query/search_page.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// A criterion that fewer rows than one of these meet leads the search, the smaller ones tried first with all
// criteria; when none does, matches are dense, and are walked in the order of their keys until the page is
// full.
constexpr std::array<std::int64_t, 4> kFewRows{64, 512, 4096, 32768};

// Whoever wants more wants all, of which some may have no value to sort by.
constexpr int kMostAlong = 1000;

std::int64_t count_up_to(storage::Connection& connection, const Criterion& criterion, std::int64_t limit) {
  std::int64_t count = 0;
  Sql{"SELECT COUNT(*) FROM (SELECT 1 FROM (", {}}
      .add(criterion.finding)
      .add(") found LIMIT ?) counted", {limit})
      .run(connection, [&](const storage::Row& row) { count = row.integer(0); });
  return count;
}

// What the search starts from.
struct Lead {
  const Criterion* criterion = nullptr;  // none: from all resources of the type
  bool few = false;                      // all that it finds may be collected
};

Lead lead_of(storage::Connection& connection, const std::vector<Criterion>& criteria) {
  for (const std::int64_t limit : kFewRows) {
    Lead lead;
    std::int64_t fewest = limit;
    for (const Criterion& criterion : criteria) {
      if (!criterion.can_find()) continue;
      const std::int64_t count = count_up_to(connection, criterion, fewest);
      if (count < fewest) lead = {&criterion, true}, fewest = count;
      if (fewest == 0) break;
    }
    if (lead.criterion) return lead;
  }
  const auto in_order = std::ranges::find_if(criteria, &Criterion::in_key_order);
  return {in_order == criteria.end() ? nullptr : &*in_order, false};
}

// Each resource once, in whatever order.
Lead as_set(Lead lead) {
  lead.few = true;
  return lead;
}

// One criterion that finds in order needs no count.
Lead lead_of_page(storage::Connection& connection, const SearchPart& part) {
  if (part.criteria.size() == 1 && part.sort.empty() && part.criteria[0].in_key_order)
    return {&part.criteria[0], false};
  return lead_of(connection, part.criteria);
}

// FROM and WHERE of the rows r that match.
Sql matches(const trust::Principal& principal, const SearchPart& part, const Lead& lead) {
  Sql sql;
  if (!lead.criterion)
    sql.add(" FROM resource r WHERE r.type = ? AND r.deleted = 0", {part.type});
  else if (lead.few || !part.sort.empty())
    sql.add(" FROM resource r WHERE r.key IN (").add(lead.criterion->finding).add(")");
  else
    sql.add(" FROM (")
        .add(lead.criterion->finding)
        .add(") f CROSS JOIN resource r ON r.key = f.key WHERE TRUE");
  if (lead.criterion) sql.add(" AND +r.type = ? AND +r.deleted = 0", {part.type});
  for (const Criterion& criterion : part.criteria)
    if (&criterion != lead.criterion) sql.add(" AND ").add(criterion.checking);
  return sql.add(" AND ").add(visible_to(principal));
}

SqlValue value_of(const Json& json) {
  if (json.is_null()) return nullptr;
  if (json.is_string()) return json.as_string();
  if (json.number_text().find_first_of(".eE") == std::string::npos) return json.as_int();
  return json.as_double();
}

// The sort values and the key of the resource after which the page begins.
std::vector<SqlValue> parse_cursor(const std::string& text, std::size_t sort_keys) {
  try {
    const Json json = Json::parse(from_hex(text));
    std::vector<SqlValue> values;
    for (const Json& item : json.items()) values.push_back(value_of(item));
    if (values.size() == sort_keys + 1 && std::holds_alternative<std::int64_t>(values.back())) return values;
  } catch (const Error&) {
    // told below: whatever is wrong with it, it was not given out for this search
  }
  throw Error(ErrorCode::invalid_value, "The cursor does not belong to this search", "_cursor",
              "Start again without it");
}

Json to_json(const storage::Row& row, int column, SortKey::Kind kind) {
  if (row.is_null(column)) return nullptr;
  switch (kind) {
    case SortKey::Kind::text:
      return row.text(column);
    case SortKey::Kind::real:
      return row.real(column);
    case SortKey::Kind::integer:
      break;
  }
  return row.integer(column);
}

std::string column_of(std::size_t sort_key) {
  return "s" + std::to_string(sort_key);
}

// Rows after the cursor, in the order of order_by().
Sql after_cursor(const std::vector<SortKey>& sort, const std::vector<SqlValue>& cursor) {
  Sql condition{"key > ?", {cursor.back()}};
  for (std::size_t i = sort.size(); i-- > 0;) {
    const std::string column = column_of(i);
    Sql with_ties{"(", {}};
    if (!std::holds_alternative<std::nullptr_t>(cursor[i]))
      with_ties.add(column + (sort[i].descending ? " < ?" : " > ?"), {cursor[i]})
          .add(" OR " + column + " IS NULL OR ");
    condition =
        with_ties.add("(" + column + " IS NOT DISTINCT FROM ? AND ", {cursor[i]}).add(condition).add("))");
  }
  return condition;
}

std::string order_by(const std::vector<SortKey>& sort) {
  std::string order;
  for (std::size_t i = 0; i < sort.size(); ++i)
    order += column_of(i) + (sort[i].descending ? " DESC" : "") + " NULLS LAST, ";
  return order + "key";
}

// Keys and sort values of what matches of one type. Without a sort order the cursor is a key.
Sql rows_of(const trust::Principal& principal, const SearchPart& part, const Lead& lead,
            const std::vector<SqlValue>& cursor) {
  if (lead.criterion && !lead.few && part.sort.empty()) {
    // Along the index of the criterion: a resource with several of its rows comes several times, one after
    // another.
    Sql sql = Sql{"SELECT DISTINCT f.key AS key", {}}.add(matches(principal, part, lead));
    return cursor.empty() ? sql : sql.add(" AND f.key > ?", {cursor.back()});
  }
  Sql sql{"SELECT r.key AS key", {}};
  for (std::size_t i = 0; i < part.sort.size(); ++i)
    sql.add(", ").add(part.sort[i].value).add(" AS " + column_of(i));
  sql.add(matches(principal, part, lead));
  if (part.sort.empty() && !cursor.empty()) sql.add(" AND r.key > ?", {cursor.back()});
  return sql;
}

Sql page_of(const trust::Principal& principal, const SearchRequest& request, const std::vector<Lead>& leads,
            const std::vector<SqlValue>& cursor) {
  const std::vector<SortKey>& sort = request.parts.front().sort;
  std::vector<Sql> selects;
  for (std::size_t i = 0; i < leads.size(); ++i)
    selects.push_back(rows_of(principal, request.parts[i], leads[i], cursor));
  // As it is, one SELECT can go along an index.
  if (selects.size() == 1 && sort.empty()) return selects.front().add(" ORDER BY key");
  Sql sql = Sql{"SELECT * FROM (", {}}.add(Sql::all_rows_of(selects)).add(") matches");
  if (!sort.empty() && !cursor.empty()) sql.add(" WHERE ").add(after_cursor(sort, cursor));
  return sql.add(" ORDER BY " + order_by(sort));
}

// Where matches are dense and one index has their order: only as far along it as the page reaches. Without
// text where that cannot be; what has no value is not on it.
Sql page_along_sort(const trust::Principal& principal, const SearchRequest& request,
                    const std::vector<Lead>& leads, const std::vector<SqlValue>& cursor) {
  const SearchPart& part = request.parts.front();
  if (leads.size() != 1 || leads[0].few || part.sort.size() != 1 || part.sort[0].along.text.empty())
    return {};
  if (!cursor.empty() && std::holds_alternative<std::nullptr_t>(cursor[0])) return {};
  const SortKey& sort = part.sort[0];
  Sql sql = Sql{"SELECT DISTINCT " + sort.key_along + " AS key, " + sort.value_along + " AS s0", {}}.add(
      sort.along);
  sql.add(" AND +r.type = ? AND r.deleted = 0", {part.type});
  for (const Criterion& criterion : part.criteria) sql.add(" AND ").add(criterion.checking);
  sql.add(" AND ").add(visible_to(principal));
  if (!cursor.empty())
    sql.add(" AND " + sort.value_along + (sort.descending ? " <= ?" : " >= ?"), {cursor[0]})
        .add(" AND (" + sort.value_along + " <> ? OR " + sort.key_along + " > ?)", cursor);
  return sql.add(" ORDER BY " + sort.value_along + (sort.descending ? " DESC" : "") + ", " + sort.key_along);
}

// Runs what gives keys and sort values in their order.
Page read_page(storage::Connection& connection, Sql sql, const std::vector<SortKey>& sort, int most) {
  Page page;
  Json last;
  bool more = false;
  sql.add(" LIMIT ?", {std::int64_t{most} + 1}).run(connection, [&](const storage::Row& row) {
    if (page.keys.size() == static_cast<std::size_t>(most)) {
      more = true;
      return;
    }
    page.keys.push_back(row.integer(0));
    last = Json::array();
    for (std::size_t i = 0; i < sort.size(); ++i)
      last.push_back(to_json(row, static_cast<int>(i) + 1, sort[i].kind));
    last.push_back(row.integer(0));
  });
  if (more && most > 0) page.next_cursor = to_hex(last.dump());
  return page;
}

}  // namespace

Page find_page(storage::Connection& connection, const trust::Principal& principal,
               const SearchRequest& request, int most) {
  if (request.parts.empty()) return {{}, 0, {}};
  const std::vector<SortKey>& sort = request.parts.front().sort;
  std::vector<SqlValue> cursor;
  if (!request.cursor.empty()) cursor = parse_cursor(request.cursor, sort.size());
  std::vector<Lead> leads;
  for (const SearchPart& part : request.parts) leads.push_back(lead_of_page(connection, part));
  Page page;
  if (most <= kMostAlong)
    if (const Sql sql = page_along_sort(principal, request, leads, cursor); !sql.text.empty())
      page = read_page(connection, sql, sort, most);
  if (page.next_cursor.empty())
    page = read_page(connection, page_of(principal, request, leads, cursor), sort, most);
  if (page.next_cursor.empty() && request.cursor.empty())
    page.total = static_cast<std::int64_t>(page.keys.size());
  if (!page.total && request.with_total) page.total = count_matches(connection, principal, request);
  return page;
}

std::int64_t count_matches(storage::Connection& connection, const trust::Principal& principal,
                           const SearchRequest& request) {
  std::int64_t count = 0;
  for (const SearchPart& part : request.parts)
    Sql{"SELECT COUNT(*)", {}}
        .add(matches(principal, part, as_set(lead_of(connection, part.criteria))))
        .run(connection, [&](const storage::Row& row) { count += row.integer(0); });
  return count;
}

}  // namespace meridian::record
