#include "care/workitem_index.h"

#include <algorithm>
#include <array>

#include "archive/attribute_json.h"
#include "care/workitem_rules.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 6, R"(
  ALTER TABLE care_workitem ADD COLUMN indexed BIGINT NOT NULL DEFAULT 0;
  CREATE INDEX care_workitem_unindexed ON care_workitem (indexed) WHERE indexed = 0;
  CREATE INDEX care_workitem_state ON care_workitem (state, made, uid);
  CREATE TABLE care_workitem_value (
    path TEXT NOT NULL,
    value TEXT NOT NULL,
    workitem TEXT NOT NULL,
    PRIMARY KEY (path, value, workitem));
  CREATE INDEX care_workitem_value_of ON care_workitem_value (workitem);
)"}}};

constexpr std::string_view kStart = "00404005";
// What the worklists of PS3.4, CC.2.8 and IHE AIW-I are asked for.
constexpr std::array<std::string_view, 15> kIndexed{
    kStart,               // Scheduled Procedure Step Start DateTime
    "00100020",           // Patient ID
    "00080050",           // Accession Number
    "00741200",           // Scheduled Procedure Step Priority
    "00741202",           // Worklist Label
    "00741204",           // Procedure Step Label
    "00404041",           // Input Readiness State
    "0020000D",           // Study Instance UID
    "00404018.00080100",  // Scheduled Workitem Code
    "00404025.00080100",  // Scheduled Station Name Code
    "00404026.00080100",  // Scheduled Station Class Code
    "00404027.00080100",  // Scheduled Station Geographic Location Code
    "00404034.00404009.00080100",
    "0040A370.00080050",  // Referenced Request: its accession
    "00404021.0020000D",  // Input Information: its study
};

std::vector<std::string> tags_of(std::string_view path) {
  std::vector<std::string> tags;
  for (std::size_t at = 0; at <= path.size(); at += tags.back().size() + 1)
    tags.emplace_back(path.substr(at, path.find('.', at) - at));
  return tags;
}

std::string joined(const std::vector<std::string>& tags) {
  std::string path;
  for (const std::string& tag : tags) path.append(path.empty() ? "" : ".").append(tag);
  return path;
}

void collect(const Json& dataset, std::span<const std::string> path, std::vector<std::string>& values) {
  for (const Json& value : archive::sequence_items(dataset, path.front()))
    if (path.size() > 1)
      collect(value, path.subspan(1), values);
    else
      values.push_back(archive::value_text(value));
}

bool matches(const Json& dataset, std::span<const std::string> path, const std::string& value) {
  if (path.size() == 1) return archive::matches_key(dataset.find(path.front()), value);
  return std::ranges::any_of(archive::sequence_items(dataset, path.front()),
                             [&](const Json& item) { return matches(item, path.subspan(1), value); });
}

// Wildcards and lists are left to matches().
bool is_plain(const std::string& value) {
  return !value.empty() && value.find_first_of("*?\\,") == std::string::npos;
}

}  // namespace

std::span<const storage::Migration> workitem_index_migrations() {
  return kMigrations;
}

bool matches(const Json& dataset, const std::vector<WorkitemKey>& keys) {
  return std::ranges::all_of(
      keys, [&](const WorkitemKey& key) { return matches(dataset, std::span(key.path), key.value); });
}

void index_workitem(storage::Transaction& transaction, const std::string& uid, const Json& dataset) {
  transaction.execute("DELETE FROM care_workitem_value WHERE workitem = ?", {uid});
  for (const std::string_view path : kIndexed) {
    std::vector<std::string> values;
    collect(dataset, tags_of(path), values);
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const std::string& value : values)
      transaction.execute("INSERT INTO care_workitem_value VALUES (?, ?, ?)", {path, value, uid});
  }
  transaction.execute("UPDATE care_workitem SET indexed = 1 WHERE uid = ?", {uid});
}

void index_earlier_workitems(storage::Database& database) {
  const auto one = [](storage::Connection& connection) {
    std::pair<std::string, Json> found;
    connection.query_first("SELECT uid, dataset FROM care_workitem WHERE indexed = 0 LIMIT 1", {},
                           [&](const storage::Row& row) {
                             found = {std::string(row.text(0)), Json::parse(row.text(1))};
                           });
    return found;
  };
  for (auto item = database.read(one); !item.first.empty(); item = database.read(one))
    database.write(
        [&](storage::Transaction& transaction) { index_workitem(transaction, item.first, item.second); });
}

void WorkitemConditions::add(const std::string& condition, std::string value) {
  sql.append(sql.empty() ? " WHERE " : " AND ").append(condition);
  values.push_back(std::move(value));
}

WorkitemConditions workitem_conditions(const std::vector<WorkitemKey>& keys) {
  WorkitemConditions conditions;
  for (const WorkitemKey& key : keys) {
    const std::string path = joined(key.path);
    if (!is_plain(key.value)) continue;
    if (path == kWorkitemState) {
      conditions.add("state = ?", key.value);
      continue;
    }
    if (std::ranges::find(kIndexed, path) == kIndexed.end()) continue;
    conditions.add("uid IN (SELECT workitem FROM care_workitem_value WHERE path = ?", path);
    const auto dash = path == kStart ? key.value.find('-') : std::string::npos;
    if (dash == std::string::npos) {
      conditions.sql += " AND value = ?";
      conditions.values.push_back(key.value);
    } else {
      conditions.sql += " AND value >= ?";
      conditions.values.push_back(key.value.substr(0, dash));
      if (dash + 1 < key.value.size()) {
        conditions.sql += " AND value <= ?";
        conditions.values.push_back(key.value.substr(dash + 1) + "~");  // what lies within the end
      }
    }
    conditions.sql += ")";
  }
  return conditions;
}

}  // namespace meridian::care
