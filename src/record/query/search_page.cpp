#include "record/query/search_page.h"

#include <algorithm>
#include <span>

#include "base/encoding.h"
#include "base/error.h"
#include "record/query/search_lead.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// Keys of a lead that are checked together: few at first, for they may fill the page.
constexpr std::size_t kFirstBatch = 64, kBatch = 256;

// Whoever wants more wants all, of which some may have no value to sort by.
constexpr int kMostAlong = 1000;

// Each resource once, in whatever order.
Lead as_set(Lead lead) {
  lead.few = true;
  return lead;
}

// What a row r that the lead found must meet besides of the other criteria: those that ask only for its key,
// or those that do not.
Sql checks(const SearchPart& part, const Lead& lead, bool by_key) {
  Sql sql;
  for (const Criterion& criterion : part.criteria)
    if (&criterion != lead.criterion && criterion.by_key == by_key) sql.add(" AND ").add(criterion.checking);
  return sql;
}

// FROM and WHERE of the rows r that match.
Sql matches(const trust::Principal& principal, const SearchPart& part, const Lead& lead) {
  Sql sql;
  if (lead.finding.text.empty())
    sql.add(" FROM resource r WHERE r.type = ? AND r.deleted = 0", {part.type});
  else if (lead.few || !part.sort.empty())
    sql.add(" FROM resource r WHERE r.key IN (").add(lead.finding).add(")");
  else
    sql.add(" FROM (").add(lead.finding).add(") f CROSS JOIN resource r ON r.key = f.key WHERE TRUE");
  if (!lead.finding.text.empty()) sql.add(" AND +r.type = ? AND +r.deleted = 0", {part.type});
  return sql.add(checks(part, lead, true))
      .add(checks(part, lead, false))
      .add(" AND ")
      .add(visible_to(principal));
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

// What sorts alike goes in the direction of the last sort key: an index is walked forwards or backwards.
bool is_backwards(const std::vector<SortKey>& sort) {
  return !sort.empty() && sort.back().descending;
}

// Rows after the cursor, in the order of order_by().
Sql after_cursor(const std::vector<SortKey>& sort, const std::vector<SqlValue>& cursor) {
  Sql condition{is_backwards(sort) ? "key < ?" : "key > ?", {cursor.back()}};
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
  return order + (is_backwards(sort) ? "key DESC" : "key");
}

// Keys and sort values of what matches of one type. Without a sort order the cursor is a key.
Sql rows_of(const trust::Principal& principal, const SearchPart& part, const Lead& lead,
            const std::vector<SqlValue>& cursor) {
  if (!lead.finding.text.empty() && !lead.few && part.sort.empty()) {
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
        .add(" AND (" + sort.value_along + " <> ? OR " + sort.key_along +
                 (sort.descending ? " < ?)" : " > ?)"),
             cursor);
  const std::string direction = sort.descending ? " DESC" : "";
  return sql.add(" ORDER BY " + sort.value_along + direction + ", " + sort.key_along + direction);
}

// SELECT of the keys in one batch that match, in their order. A key that fails a check by key alone costs no
// look at its row. Short batches repeat their last key, so that few statements are to be prepared.
Sql matching_of(std::span<const std::int64_t> batch, std::size_t size, const trust::Principal& principal,
                const SearchPart& part, const Lead& lead) {
  Sql sql{
      "SELECT r.key AS key FROM resource r WHERE r.key IN (SELECT r.key FROM (SELECT column1 AS key FROM"
      " (VALUES (?)",
      {batch[0]}};
  for (std::size_t i = 1; i < size; ++i) sql.add(", (?)", {batch[std::min(i, batch.size() - 1)]});
  return sql.add(") listed) r WHERE r.key > 0")
      .add(checks(part, lead, true))
      .add(") AND r.type = ? AND r.deleted = 0", {part.type})
      .add(checks(part, lead, false))
      .add(" AND ")
      .add(visible_to(principal))
      .add(" ORDER BY key");
}

// The first of the keys that match, as many as asked for.
std::vector<std::int64_t> matching_keys(storage::Connection& connection, const trust::Principal& principal,
                                        const SearchPart& part, const Lead& lead,
                                        std::span<const std::int64_t> keys, std::size_t most) {
  std::vector<std::int64_t> found;
  for (std::size_t size = kFirstBatch; !keys.empty() && found.size() < most; size = kBatch) {
    const auto batch = keys.first(std::min(size, keys.size()));
    keys = keys.subspan(batch.size());
    matching_of(batch, size, principal, part, lead)
        .add(" LIMIT ?", {static_cast<std::int64_t>(most - found.size())})
        .run(connection, [&](const storage::Row& row) { found.push_back(row.integer(0)); });
  }
  return found;
}

// Of a lead whose keys are known, without a sort order.
Page page_among_few(storage::Connection& connection, const trust::Principal& principal,
                    const SearchPart& part, const Lead& lead, const std::vector<SqlValue>& cursor, int most) {
  std::span<const std::int64_t> keys = lead.keys;
  if (!cursor.empty())
    keys = keys.subspan(std::ranges::upper_bound(keys, std::get<std::int64_t>(cursor.back())) - keys.begin());
  const std::size_t size = static_cast<std::size_t>(most);
  Page page{matching_keys(connection, principal, part, lead, keys, size + 1), {}, {}};
  if (page.keys.size() <= size) return page;
  page.keys.pop_back();
  if (most > 0) page.next_cursor = to_hex(Json::array({page.keys.back()}).dump());
  return page;
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
  for (const SearchPart& part : request.parts) leads.push_back(lead_of(connection, principal, part));
  Page page;
  if (leads.size() == 1 && leads[0].few && sort.empty()) {
    page = page_among_few(connection, principal, request.parts[0], leads[0], cursor, most);
  } else {
    if (most <= kMostAlong)
      if (const Sql sql = page_along_sort(principal, request, leads, cursor); !sql.text.empty())
        page = read_page(connection, sql, sort, most);
    if (page.next_cursor.empty())
      page = read_page(connection, page_of(principal, request, leads, cursor), sort, most);
  }
  if (most > 0 && page.next_cursor.empty() && request.cursor.empty())
    page.total = static_cast<std::int64_t>(page.keys.size());
  if (!page.total && request.with_total) page.total = count_matches(connection, principal, request);
  return page;
}

std::int64_t count_matches(storage::Connection& connection, const trust::Principal& principal,
                           const SearchRequest& request) {
  std::int64_t count = 0;
  for (const SearchPart& part : request.parts)
    Sql{"SELECT COUNT(*)", {}}
        .add(matches(principal, part, as_set(lead_of(connection, principal, part))))
        .run(connection, [&](const storage::Row& row) { count += row.integer(0); });
  return count;
}

}  // namespace meridian::record
