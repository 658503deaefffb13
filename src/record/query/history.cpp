#include "record/query/history.h"

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "base/error.h"
#include "record/bundle/bundle_text.h"
#include "record/query/linking_criteria.h"
#include "record/query/query_string.h"
#include "record/query/search_request.h"
#include "record/query/search_value.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// When the version after a row h of resource_history came, of the resource r.
constexpr const char* kNextUpdate =
    "COALESCE((SELECT n.updated FROM resource_history n WHERE n.resource = h.resource AND n.version = "
    "h.version + 1), r.updated)";

// Where a page begins: after this version in the order updated, key, version, all descending.
struct HistoryCursor {
  std::int64_t updated, key, version;
};

struct HistoryRequest {
  std::string type, id;
  int count;
  std::optional<std::int64_t> since;
  std::vector<DateInterval> at;  // within one of which a version was current
  Sql listed;                    // what is on the lists asked for (linking_criteria.h); no text: all
  std::optional<HistoryCursor> cursor;
  Parameters understood;
};

HistoryCursor parse_cursor(const std::string& text) {
  try {
    const Json json = Json::parse(from_hex(text));
    return {json.at(0).as_int(), json.at(1).as_int(), json.at(2).as_int()};
  } catch (const Error&) {
    throw Error(ErrorCode::invalid_value, "The cursor does not belong to a history", "_cursor",
                "Start again without it");
  }
}

// What a date with a prefix means as an interval of time.
DateInterval interval_of(std::string_view value) {
  constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  const Prefix prefix = take_prefix(value);
  const DateInterval date = parse_date_interval(value);
  switch (prefix) {
    case Prefix::eq:
      return date;
    case Prefix::gt:
    case Prefix::sa:
      return {date.high + 1, kLatest};
    case Prefix::ge:
      return {date.low, kLatest};
    case Prefix::lt:
    case Prefix::eb:
      return {kEarliest, date.low - 1};
    case Prefix::le:
      return {kEarliest, date.high};
    case Prefix::ne:
    case Prefix::ap:
      break;
  }
  throw Error(ErrorCode::invalid_request, "_at takes no ne or ap", "_at");
}

HistoryRequest parse(storage::Connection& connection, const trust::Principal& principal,
                     const std::string& type, const std::string& id, const Parameters& parameters,
                     const RecordOptions& options) {
  HistoryRequest request{type, id, std::min(options.default_page, options.largest_page), {}, {}, {}, {}, {}};
  for (const auto& [name, value] : parameters) {
    if (name == "_cursor") {
      request.cursor = parse_cursor(value);
      continue;
    }
    if (name == "_format" || name == "_pretty" || name == "handling") continue;
    if (name == "_count")
      request.count = std::max(1, parse_count(value, options));
    else if (name == "_since")
      request.since = parse_date_interval(value).low;
    else if (name == "_at")
      for (const std::string& date : split_unescaped(value, ',')) request.at.push_back(interval_of(date));
    else if (name == "_list") {
      const Terminology terminology(connection);
      request.listed = on_lists(value, {options.base_url, principal, visible_to(principal), terminology});
    } else
      throw Error(ErrorCode::invalid_request, "A history has no parameter \"" + name.substr(0, 80) + "\"",
                  name.substr(0, 80));
    request.understood.emplace_back(name, value);
  }
  return request;
}

// The types that the role may read, as a condition on r; none where it may read all.
Sql readable_types(const trust::Principal& principal) {
  Sql condition{" AND r.type IN (''", {}};
  bool all = true;
  for (const std::string_view type : resource_types())
    if (trust::role_may(principal.role, trust::Act::read, type))
      condition.add(", ?", {std::string(type)});
    else
      all = false;
  return all ? Sql() : condition.add(")");
}

// Of a version that was followed by the next at a moment, or by none yet: whether it was current within one
// of the intervals.
Sql was_current(const std::vector<DateInterval>& intervals, const std::string& updated,
                const std::string& next) {
  std::vector<Sql> alternatives;
  for (const DateInterval& interval : intervals)
    alternatives.push_back(Sql{"(" + updated + " <= ?", {interval.high}}.add(
        next.empty() ? Sql{")", {}} : Sql{" AND " + next + " > ?)", {interval.low}}));
  return Sql::any_of(alternatives);
}

// v is the table of the versions; r that of the resources.
Sql versions_from(std::string_view from, std::string_view v, const HistoryRequest& request,
                  const trust::Principal& principal) {
  const std::string updated = std::string(v) + ".updated", version = std::string(v) + ".version";
  Sql sql{"SELECT r.type, r.id, " + version + " AS version, " + updated + " AS updated, " + std::string(v) +
              ".deleted, " + std::string(v) + ".body, r.key AS key FROM " + std::string(from) + " WHERE ",
          {}};
  sql.add(visible_to(principal, v));
  if (request.type.empty())
    sql.add(readable_types(principal));
  else
    sql.add(" AND r.type = ?", {request.type});
  if (!request.id.empty()) sql.add(" AND r.id = ?", {request.id});
  if (request.since) sql.add(" AND " + updated + " >= ?", {*request.since});
  if (!request.at.empty())
    sql.add(" AND ").add(was_current(request.at, updated, v == "r" ? std::string() : kNextUpdate));
  if (!request.listed.text.empty())
    sql.add(" AND (r.type, r.id) IN (SELECT x.target_type, x.target_id").add(request.listed).add(")");
  if (request.cursor)
    sql.add(" AND (" + updated + ", r.key, " + version + ") < (?, ?, ?)",
            {request.cursor->updated, request.cursor->key, request.cursor->version});
  return sql;
}

std::string url_of(const HistoryRequest& request, const RecordOptions& options, const std::string& cursor) {
  Parameters parameters = request.understood;
  if (!cursor.empty()) parameters.emplace_back("_cursor", cursor);
  const std::string query = format_query(parameters);
  std::string url = options.base_url;
  if (!request.type.empty()) url += "/" + request.type;
  if (!request.id.empty()) url += "/" + request.id;
  return url + "/_history" + (query.empty() ? "" : "?" + query);
}

}  // namespace

std::string history_bundle(storage::Connection& connection, const trust::Principal& principal,
                           const std::string& type, const std::string& id, const Parameters& parameters,
                           const RecordOptions& options) {
  const HistoryRequest request = parse(connection, principal, type, id, parameters, options);
  Sql sql = versions_from("resource r", "r", request, principal);
  sql.add(" UNION ALL ")
      .add(
          versions_from("resource_history h JOIN resource r ON r.key = h.resource", "h", request, principal));
  sql.add(" ORDER BY updated DESC, key DESC, version DESC LIMIT ?", {std::int64_t{request.count} + 1});

  BundleText bundle("history", options.base_url);
  std::string next;
  Json last;
  int entries = 0;
  sql.run(connection, [&](const storage::Row& row) {
    if (entries == request.count) {
      next = to_hex(last.dump());
      return;
    }
    ++entries;
    bundle.add_history(version_of(row));
    last = Json::array({row.integer(3), row.integer(6), row.integer(2)});
  });
  bundle.add_link("self", url_of(request, options, {}));
  if (!next.empty()) bundle.add_link("next", url_of(request, options, next));
  if (next.empty() && !request.cursor) bundle.set_total(entries);
  return bundle.finish();
}

}  // namespace meridian::record
