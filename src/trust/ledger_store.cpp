#include "trust/ledger_store.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/encoding.h"
#include "trust/merkle_tree.h"

namespace meridian::trust {
namespace {

constexpr std::string_view kColumns =
    "number, time, user_id, display, role, organization, action, kind, patient, entity, success, detail, "
    "previous, hash";
constexpr int kLargestPage = 1000;
constexpr std::int64_t kPageOfAll = 5000;

LedgerRow row_of(const storage::Row& row) {
  LedgerRow result;
  LedgerEntry& entry = result.entry;
  entry.number = row.integer(0);
  result.time = row.integer(1);
  std::string* const texts[] = {&entry.user,   &entry.display, &entry.role,    &entry.organization,
                                &entry.action, &entry.kind,    &entry.patient, &entry.entity};
  int column = 2;
  for (std::string* text : texts) *text = row.text(column++);
  result.success = row.integer(10);
  result.detail = row.text(11);
  result.previous = row.text(12);
  result.hash = row.text(13);
  return result;
}

LedgerEntry entry_of(LedgerRow row) {
  LedgerEntry entry = std::move(row.entry);
  entry.time = Instant(std::chrono::microseconds(row.time));
  entry.success = row.success != 0;
  if (!row.detail.empty()) entry.detail = Json::parse(row.detail);
  entry.hash = to_hex(row.hash);
  return entry;
}

// columns: the number first.
void for_each_page(storage::Connection& connection, const std::string& columns, std::int64_t after,
                   const std::function<bool(const storage::Row&)>& visit) {
  const std::string sql = "SELECT " + columns + " FROM ledger_entry WHERE number > ? ORDER BY number LIMIT ?";
  bool wanted = true;
  for (std::int64_t read = kPageOfAll; wanted && read == kPageOfAll;) {
    read = 0;
    const std::array<storage::Value, 2> values{after, kPageOfAll};
    connection.run(sql, values, [&](const storage::Row& row) {
      after = row.integer(0), ++read;
      return wanted = visit(row);
    });
  }
}

}  // namespace

std::string entry_hash(const LedgerRow& row) {
  const LedgerEntry& entry = row.entry;
  std::string text = "[" + std::to_string(entry.number) + "," + std::to_string(row.time);
  for (const std::string* value : {&entry.user, &entry.display, &entry.role, &entry.organization,
                                   &entry.action, &entry.kind, &entry.patient, &entry.entity}) {
    text += ',';
    append_json_string(text, *value);
  }
  text += "," + std::to_string(row.success) + ",";
  append_json_string(text, row.detail);
  text += ",\"" + to_hex(row.previous) + "\"]";
  return leaf_hash(text);
}

LedgerTail read_tail(storage::Connection& connection) {
  LedgerTail tail;
  connection.query_first("SELECT number, hash FROM ledger_entry ORDER BY number DESC LIMIT 1", {},
                         [&](const storage::Row& row) {
                           tail.number = row.integer(0);
                           tail.hash = row.text(1);
                         });
  return tail;
}

void write_entry(storage::Transaction& transaction, LedgerTail& tail, const LedgerEntry& entry,
                 Instant time) {
  LedgerRow row;
  row.entry = entry;
  row.entry.number = tail.number + 1;
  row.time = time.time_since_epoch().count();
  row.success = entry.success ? 1 : 0;
  if (!entry.detail.is_null()) row.detail = entry.detail.dump();
  row.previous = tail.hash;
  row.hash = entry_hash(row);
  static const std::string sql = "INSERT INTO ledger_entry (" + std::string(kColumns) +
                                 ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  const auto text = [](const std::string& value) { return storage::Value(std::string_view(value)); };
  transaction.send(sql, {row.entry.number, row.time, text(entry.user), text(entry.display), text(entry.role),
                         text(entry.organization), text(entry.action), text(entry.kind), text(entry.patient),
                         text(entry.entity), row.success, text(row.detail), storage::Blob{row.previous},
                         storage::Blob{row.hash}});
  tail.number = row.entry.number;
  tail.hash = std::move(row.hash);
}

void for_each_entry(storage::Connection& connection, const std::function<bool(const LedgerRow&)>& visit) {
  for_each_page(connection, std::string(kColumns), std::numeric_limits<std::int64_t>::min(),
                [&](const storage::Row& row) { return visit(row_of(row)); });
}

void for_each_hash(storage::Connection& connection, std::int64_t after,
                   const std::function<void(std::string_view)>& visit) {
  for_each_page(connection, "number, hash", after,
                [&](const storage::Row& row) { return visit(row.text(1)), true; });
}

std::vector<LedgerEntry> find_entries(storage::Connection& connection, const LedgerFilter& filter) {
  std::string sql = "SELECT " + std::string(kColumns) + " FROM ledger_entry WHERE ";
  std::vector<storage::Value> values;
  const auto equals = [&](const char* condition, const std::string& value) {
    if (value.empty()) return;
    sql += condition;
    values.emplace_back(std::string_view(value));
  };
  equals("patient = ? AND ", filter.patient);
  equals("user_id = ? AND ", filter.user);
  equals("kind = ? AND ", filter.kind);
  sql += "number < ? ORDER BY number DESC LIMIT ?";
  values.emplace_back(filter.before > 0 ? filter.before : std::numeric_limits<std::int64_t>::max());
  values.emplace_back(std::int64_t(std::clamp(filter.limit, 1, kLargestPage)));
  std::vector<LedgerEntry> entries;
  connection.run(sql, values, [&](const storage::Row& row) {
    entries.push_back(entry_of(row_of(row)));
    return true;
  });
  return entries;
}

}  // namespace meridian::trust
