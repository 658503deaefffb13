#include "engine/run_progress.h"

#include "base/error.h"
#include "storage/job_lease.h"

namespace meridian::engine {

const std::string_view kProgressTable = R"(
  CREATE TABLE assistant_progress (
    assistant TEXT NOT NULL,
    input TEXT NOT NULL,
    version TEXT NOT NULL,
    patient TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (assistant, input));
  CREATE INDEX assistant_progress_patient ON assistant_progress (patient);
)";

std::vector<RunProgress> runs_under_way(storage::Connection& connection, const std::string& patient) {
  std::vector<RunProgress> runs;
  connection.query(
      "SELECT p.assistant, p.input, p.done, p.total FROM assistant_progress p WHERE p.patient = ? AND EXISTS"
      " (SELECT 1 FROM job j WHERE j.topic = ? AND j.job_key = p.assistant || '|' || p.input"
      " AND j.job_key <> '' AND j.parked = 0)",
      {patient, kRunTopic}, [&](const storage::Row& row) {
        runs.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2), row.integer(3)});
      });
  return runs;
}

void forget_progress(storage::Transaction& transaction, const RunRequest& request) {
  transaction.execute("DELETE FROM assistant_progress WHERE assistant = ? AND input = ?",
                      {request.assistant, request.key()});
}

KeptRun::KeptRun(storage::Database& database, storage::Queue& queue, const storage::Job& job,
                 const RunRequest& request, const Card& card, std::chrono::seconds lease,
                 const std::atomic<bool>& stopping)
    : database_(database),
      queue_(queue),
      job_(job),
      request_(request),
      version_(card.version),
      lease_(lease),
      stopping_(stopping),
      extended_(queue.time()) {}

std::string KeptRun::kept() {
  return database_.read([&](storage::Connection& connection) {
    std::string state;
    connection.query_first(
        "SELECT state FROM assistant_progress WHERE assistant = ? AND input = ? AND version = ?",
        {request_.assistant, request_.key(), version_},
        [&](const storage::Row& row) { state = row.text(0); });
    return state;
  });
}

void KeptRun::keep(const std::string& state, std::int64_t done, std::int64_t of) {
  const std::lock_guard lock(mutex_);
  database_.write([&](storage::Transaction& transaction) {
    storage::extend_lease(transaction, queue_, job_, lease_, storage::Since::progress);
    transaction.execute(
        "INSERT INTO assistant_progress (assistant, input, version, patient, state, done, total) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (assistant, input) DO UPDATE SET version = "
        "excluded.version, "
        "patient = excluded.patient, state = excluded.state, done = excluded.done, total = excluded.total",
        {request_.assistant, request_.key(), version_, request_.patient, state, done, of});
  });
  extended_ = queue_.time();
  stop_when_told();
}

void KeptRun::alive() {
  constexpr int kPartsOfLease = 3;
  const std::lock_guard lock(mutex_);
  stop_when_told();
  if (queue_.time() - extended_ < lease_ / kPartsOfLease) return;
  database_.write([&](storage::Transaction& transaction) {
    storage::extend_lease(transaction, queue_, job_, lease_, storage::Since::nothing);
  });
  extended_ = queue_.time();
}

void KeptRun::stop_when_told() const {
  if (stopping_)
    throw Error(ErrorCode::busy, "The program stops; the reading is taken up when it starts again");
}

}  // namespace meridian::engine
