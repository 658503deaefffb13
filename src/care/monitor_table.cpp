#include "care/monitor_table.h"

#include <array>

#include "storage/process.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 9, R"(
  CREATE TABLE care_monitor (
    case_id TEXT PRIMARY KEY,
    line TEXT NOT NULL,
    name TEXT NOT NULL,
    process TEXT NOT NULL,
    alive_at BIGINT NOT NULL);
)"}}};

constexpr std::chrono::minutes kSilent{2};

std::int64_t microseconds(Instant time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::span<const storage::Migration> monitor_migrations() {
  return kMigrations;
}

void note_running(storage::Transaction& transaction, const RunningMonitor& monitor, Instant at) {
  const std::string process = storage::this_process();
  transaction.execute(
      "INSERT INTO care_monitor (case_id, line, name, process, alive_at) VALUES (?, ?, ?, ?, ?)"
      " ON CONFLICT (case_id) DO UPDATE SET line = excluded.line, name = excluded.name,"
      " process = excluded.process, alive_at = excluded.alive_at",
      {monitor.case_id, monitor.line, monitor.name, process, microseconds(at)});
}

void note_alive(storage::Transaction& transaction, Instant at) {
  const std::string process = storage::this_process();
  transaction.execute("UPDATE care_monitor SET alive_at = ? WHERE process = ?", {microseconds(at), process});
}

bool forget_running(storage::Transaction& transaction, const RunningMonitor& monitor) {
  return transaction.execute("DELETE FROM care_monitor WHERE case_id = ? AND line = ?",
                             {monitor.case_id, monitor.line}) > 0;
}

std::vector<RunningMonitor> broken_off(storage::Connection& connection, Instant at) {
  const std::string here = storage::this_process();
  std::vector<RunningMonitor> found;
  connection.query(
      "SELECT case_id, line, name, process, alive_at FROM care_monitor WHERE process <> ?", {here},
      [&](const storage::Row& row) {
        const bool is_silent = row.integer(4) < microseconds(at - kSilent);
        if (is_silent || !storage::may_be_running(std::string(row.text(3))))
          found.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
      });
  return found;
}

}  // namespace meridian::care
