#include "record/query/search_page.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// A criterion that fewer rows than this meet leads the search; when none does, matches are dense and the
// resources of the type are walked in order until the page is full.
constexpr std::int64_t kFewRows = 3000;

std::int64_t count_up_to(storage::Connection& connection, const Criterion& criterion, std::int64_t limit) {
  std::int64_t count = 0;
  Sql{"SELECT COUNT(*) FROM (SELECT 1 FROM (", {}}
      .add(criterion.finding())
      .add(") LIMIT ?)", {limit})
      .run(connection, [&](const storage::Row& row) { count = row.integer(0); });
  return count;
}

// The criterion that fewest rows meet, or nullptr.
const Criterion* leading_criterion(storage::Connection& connection, const std::vector<Criterion>& criteria) {
  const Criterion* leading = nullptr;
  std::int64_t fewest = kFewRows;
  for (const Criterion& criterion : criteria) {
    if (!criterion.can_find()) continue;
    const std::int64_t count = count_up_to(connection, criterion, fewest);
    if (count < fewest) leading = &criterion, fewest = count;
    if (fewest == 0) break;
  }
  return leading;
}

// FROM and WHERE of the rows r that match. A plus before a column keeps SQLite from using an index on it.
Sql matches(storage::Connection& connection, const trust::Principal& principal, const SearchPart& request) {
  const Criterion* leading = leading_criterion(connection, request.criteria);
  Sql sql{" FROM resource r WHERE ", {}};
  if (leading)
    sql.add(leading->condition()).add(" AND +r.type = ? AND +r.deleted = 0", {request.type});
  else
    sql.add("r.type = ? AND r.deleted = 0", {request.type});
  for (const Criterion& criterion : request.criteria)
    if (&criterion != leading) sql.add(" AND ").add(criterion.checking());
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
    condition = with_ties.add("(" + column + " IS ? AND ", {cursor[i]}).add(condition).add("))");
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
Sql rows_of(storage::Connection& connection, const trust::Principal& principal, const SearchPart& part,
            const std::vector<SqlValue>& cursor) {
  Sql sql{"SELECT r.key AS key", {}};
  for (std::size_t i = 0; i < part.sort.size(); ++i)
    sql.add(", ").add(part.sort[i].value).add(" AS " + column_of(i));
  sql.add(matches(connection, principal, part));
  if (part.sort.empty() && !cursor.empty()) sql.add(" AND r.key > ?", {cursor.back()});
  return sql;
}

}  // namespace

Page find_page(storage::Connection& connection, const trust::Principal& principal,
               const SearchRequest& request, int most) {
  if (request.parts.empty()) return {{}, 0, {}};
  const std::vector<SortKey>& sort = request.parts.front().sort;
  std::vector<SqlValue> cursor;
  if (!request.cursor.empty()) cursor = parse_cursor(request.cursor, sort.size());
  Sql sql{"SELECT * FROM (", {}};
  for (const SearchPart& part : request.parts)
    sql.add(&part == &request.parts.front() ? "" : " UNION ALL ")
        .add(rows_of(connection, principal, part, cursor));
  sql.add(")");
  if (!sort.empty() && !cursor.empty()) sql.add(" WHERE ").add(after_cursor(sort, cursor));
  sql.add(" ORDER BY " + order_by(sort) + " LIMIT ?", {std::int64_t{most} + 1});

  Page page;
  Json last;
  bool more = false;
  sql.run(connection, [&](const storage::Row& row) {
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
  if (!more && request.cursor.empty()) page.total = static_cast<std::int64_t>(page.keys.size());
  if (!page.total && request.with_total) page.total = count_matches(connection, principal, request);
  return page;
}

std::int64_t count_matches(storage::Connection& connection, const trust::Principal& principal,
                           const SearchRequest& request) {
  std::int64_t count = 0;
  for (const SearchPart& part : request.parts)
    Sql{"SELECT COUNT(*)", {}}
        .add(matches(connection, principal, part))
        .run(connection, [&](const storage::Row& row) { count += row.integer(0); });
  return count;
}

}  // namespace meridian::record
