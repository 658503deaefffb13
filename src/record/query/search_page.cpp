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
constexpr std::size_t kMostAlong = 1000;

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

// Where a page is.
struct Place {
  bool backwards = false;  // it ends before the resource, instead of beginning after it
  std::vector<SqlValue>
      cursor;  // the sort values and the key of the resource; empty: at the one end or the other
  bool at_end() const { return cursor.empty(); }
};

constexpr const char* kBefore = "before";

std::string cursor_after(const Json& place) {
  return to_hex(place.dump());
}
std::string cursor_before(const Json& place) {
  return to_hex(Json::object({{kBefore, place}}).dump());
}

Place parse_cursor(const std::string& text, std::size_t sort_keys) {
  if (text.empty()) return {};
  try {
    const Json json = Json::parse(from_hex(text));
    Place place;
    place.backwards = json.is_object();
    for (const Json& item : (place.backwards ? json.get(kBefore) : json).items())
      place.cursor.push_back(value_of(item));
    if (place.backwards && place.at_end()) return place;
    if (place.cursor.size() == sort_keys + 1 && std::holds_alternative<std::int64_t>(place.cursor.back()))
      return place;
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

std::string smaller_or_larger(bool smaller) {
  return smaller ? " < ?" : " > ?";
}

// Rows after the cursor in the order of the search, or before it.
Sql beyond_cursor(const std::vector<SortKey>& sort, const Place& place) {
  Sql condition{"key" + smaller_or_larger(is_backwards(sort) != place.backwards), {place.cursor.back()}};
  for (std::size_t i = sort.size(); i-- > 0;) {
    const std::string column = column_of(i);
    const bool is_null = std::holds_alternative<std::nullptr_t>(place.cursor[i]);
    Sql with_ties{"(", {}};
    if (!is_null)
      with_ties.add(column + smaller_or_larger(sort[i].descending != place.backwards), {place.cursor[i]})
          .add(" OR ");
    // What has no value comes last.
    if (is_null == place.backwards)
      with_ties.add(column + (place.backwards ? " IS NOT NULL OR " : " IS NULL OR "));
    condition = with_ties.add("(" + column + " IS NOT DISTINCT FROM ? AND ", {place.cursor[i]})
                    .add(condition)
                    .add("))");
  }
  return condition;
}

std::string order_by(const std::vector<SortKey>& sort, bool reversed) {
  std::string order;
  for (std::size_t i = 0; i < sort.size(); ++i)
    order += column_of(i) + (sort[i].descending != reversed ? " DESC" : "") +
             (reversed ? " NULLS FIRST, " : " NULLS LAST, ");
  return order + (is_backwards(sort) != reversed ? "key DESC" : "key");
}

// Keys and sort values of what matches of one type. Without a sort order the cursor is a key.
Sql rows_of(const trust::Principal& principal, const SearchPart& part, const Lead& lead, const Place& place) {
  if (!lead.finding.text.empty() && !lead.few && part.sort.empty()) {
    // Along the index of the criterion: a resource with several of its rows comes several times, one after
    // another.
    Sql sql = Sql{"SELECT DISTINCT f.key AS key", {}}.add(matches(principal, part, lead));
    return place.at_end() ? sql
                          : sql.add(" AND f.key" + smaller_or_larger(place.backwards), {place.cursor.back()});
  }
  Sql sql{"SELECT r.key AS key", {}};
  for (std::size_t i = 0; i < part.sort.size(); ++i)
    sql.add(", ").add(part.sort[i].value).add(" AS " + column_of(i));
  sql.add(matches(principal, part, lead));
  if (part.sort.empty() && !place.at_end())
    sql.add(" AND r.key" + smaller_or_larger(place.backwards), {place.cursor.back()});
  return sql;
}

Sql page_of(const trust::Principal& principal, const SearchRequest& request, const std::vector<Lead>& leads,
            const Place& place) {
  const std::vector<SortKey>& sort = request.parts.front().sort;
  std::vector<Sql> selects;
  for (std::size_t i = 0; i < leads.size(); ++i)
    selects.push_back(rows_of(principal, request.parts[i], leads[i], place));
  // As it is, one SELECT can go along an index.
  if (selects.size() == 1 && sort.empty())
    return selects.front().add(" ORDER BY " + order_by(sort, place.backwards));
  Sql sql = Sql{"SELECT * FROM (", {}}.add(Sql::all_rows_of(selects)).add(") matches");
  if (!sort.empty() && !place.at_end()) sql.add(" WHERE ").add(beyond_cursor(sort, place));
  return sql.add(" ORDER BY " + order_by(sort, place.backwards));
}

// Where matches are dense and one index has their order: only as far along it as the page reaches. Without
// text where that cannot be; what has no value is not on it, and comes last.
Sql page_along_sort(const trust::Principal& principal, const SearchRequest& request,
                    const std::vector<Lead>& leads, const Place& place) {
  const SearchPart& part = request.parts.front();
  if (leads.size() != 1 || leads[0].few || part.sort.size() != 1 || part.sort[0].along.text.empty())
    return {};
  if (place.at_end() ? place.backwards : std::holds_alternative<std::nullptr_t>(place.cursor[0])) return {};
  const SortKey& sort = part.sort[0];
  const bool down = sort.descending != place.backwards;
  Sql sql = Sql{"SELECT DISTINCT " + sort.key_along + " AS key, " + sort.value_along + " AS s0", {}}.add(
      sort.along);
  sql.add(" AND +r.type = ? AND r.deleted = 0", {part.type});
  for (const Criterion& criterion : part.criteria) sql.add(" AND ").add(criterion.checking);
  sql.add(" AND ").add(visible_to(principal));
  if (!place.at_end())
    sql.add(" AND " + sort.value_along + (down ? " <= ?" : " >= ?"), {place.cursor[0]})
        .add(" AND (" + sort.value_along + " <> ? OR " + sort.key_along + (down ? " < ?)" : " > ?)"),
             place.cursor);
  const std::string direction = down ? " DESC" : "";
  return sql.add(" ORDER BY " + sort.value_along + direction + ", " + sort.key_along + direction);
}

// SELECT of the keys in one batch that match, in their order. A key that fails a check by key alone costs no
// look at its row. Short batches repeat their last key, so that few statements are to be prepared.
Sql matching_of(std::span<const std::int64_t> batch, std::size_t size, const trust::Principal& principal,
                const SearchPart& part, const Lead& lead, bool backwards) {
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
      .add(backwards ? " ORDER BY key DESC" : " ORDER BY key");
}

// The first of the keys that match, as many as asked for; backwards: the last, in that order.
std::vector<std::int64_t> matching_keys(storage::Connection& connection, const trust::Principal& principal,
                                        const SearchPart& part, const Lead& lead,
                                        std::span<const std::int64_t> keys, std::size_t most,
                                        bool backwards) {
  std::vector<std::int64_t> found;
  for (std::size_t size = kFirstBatch; !keys.empty() && found.size() < most; size = kBatch) {
    const std::size_t taken = std::min(size, keys.size());
    const auto batch = backwards ? keys.last(taken) : keys.first(taken);
    keys = backwards ? keys.first(keys.size() - taken) : keys.subspan(taken);
    matching_of(batch, size, principal, part, lead, backwards)
        .add(" LIMIT ?", {static_cast<std::int64_t>(most - found.size())})
        .run(connection, [&](const storage::Row& row) { found.push_back(row.integer(0)); });
  }
  return found;
}

// Up to one more than the page holds, in the order in which they were looked for.
struct Rows {
  std::vector<std::int64_t> keys;
  Json first, last;  // sort values and key of these two of the page
};

// Of a lead whose keys are known, without a sort order.
Rows rows_among_few(storage::Connection& connection, const trust::Principal& principal,
                    const SearchPart& part, const Lead& lead, const Place& place, std::size_t most) {
  std::span<const std::int64_t> keys = lead.keys;
  if (!place.at_end()) {
    const std::int64_t key = std::get<std::int64_t>(place.cursor.back());
    keys = place.backwards
               ? keys.first(static_cast<std::size_t>(std::ranges::lower_bound(keys, key) - keys.begin()))
               : keys.subspan(static_cast<std::size_t>(std::ranges::upper_bound(keys, key) - keys.begin()));
  }
  Rows rows{matching_keys(connection, principal, part, lead, keys, most + 1, place.backwards), {}, {}};
  if (rows.keys.empty() || most == 0) return rows;
  rows.first = Json::array({rows.keys.front()});
  rows.last = Json::array({rows.keys[std::min(most, rows.keys.size()) - 1]});
  return rows;
}

// Runs what gives keys and sort values in their order.
Rows read_rows(storage::Connection& connection, Sql sql, const std::vector<SortKey>& sort, std::size_t most) {
  Rows rows;
  sql.add(" LIMIT ?", {static_cast<std::int64_t>(most) + 1}).run(connection, [&](const storage::Row& row) {
    rows.keys.push_back(row.integer(0));
    if (rows.keys.size() > most) return;
    rows.last = Json::array();
    for (std::size_t i = 0; i < sort.size(); ++i)
      rows.last.push_back(to_json(row, static_cast<int>(i) + 1, sort[i].kind));
    rows.last.push_back(row.integer(0));
    if (rows.keys.size() == 1) rows.first = rows.last;
  });
  return rows;
}

Rows find_rows(storage::Connection& connection, const trust::Principal& principal,
               const SearchRequest& request, const Place& place, std::size_t most) {
  const std::vector<SortKey>& sort = request.parts.front().sort;
  std::vector<Lead> leads;
  for (const SearchPart& part : request.parts) leads.push_back(lead_of(connection, principal, part));
  if (leads.size() == 1 && leads[0].few && sort.empty())
    return rows_among_few(connection, principal, request.parts[0], leads[0], place, most);
  if (most <= kMostAlong)
    if (const Sql sql = page_along_sort(principal, request, leads, place); !sql.text.empty()) {
      Rows rows = read_rows(connection, sql, sort, most);
      if (place.backwards || rows.keys.size() > most) return rows;
    }
  return read_rows(connection, page_of(principal, request, leads, place), sort, most);
}

// The page of the rows that were found, with the cursors of those beside it.
Page page_of_rows(Rows rows, const Place& place, std::size_t most) {
  const bool more = rows.keys.size() > most;
  if (more) rows.keys.resize(most);
  if (place.backwards) {
    std::ranges::reverse(rows.keys);
    std::swap(rows.first, rows.last);
  }
  Page page{std::move(rows.keys), {}, {}, {}};
  if (most == 0) return page;
  const bool has_next = place.backwards ? !place.at_end() : more;
  const bool has_previous = place.backwards ? more : !place.at_end();
  if (page.keys.empty()) {  // beside it are those at the other end
    if (has_previous) page.previous_cursor = last_page_cursor();
    return page;
  }
  if (has_next) page.next_cursor = cursor_after(rows.last);
  if (has_previous) page.previous_cursor = cursor_before(rows.first);
  return page;
}

}  // namespace

std::string last_page_cursor() {
  return cursor_before(Json::array());
}

Page find_page(storage::Connection& connection, const trust::Principal& principal,
               const SearchRequest& request, int most) {
  if (request.parts.empty()) return {{}, 0, {}, {}};
  const Place place = parse_cursor(request.cursor, request.parts.front().sort.size());
  const auto size = static_cast<std::size_t>(most);
  Page page = page_of_rows(find_rows(connection, principal, request, place, size), place, size);
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
