#include "storage/job_lease.h"

#include "base/error.h"

namespace meridian::storage {
namespace {

// Microseconds since 1970, as the queue's table has it.
std::int64_t due_after(const Queue& queue, std::chrono::seconds delay) {
  return (queue.time() + delay).time_since_epoch().count();
}

}  // namespace

void extend_lease(Transaction& transaction, const Queue& queue, const Job& job, std::chrono::seconds lease,
                  Since since) {
  const std::int64_t forgiven = since == Since::progress;
  if (transaction.execute("UPDATE job SET due = ?, deaths = CASE WHEN ? = 1 THEN 0 ELSE deaths END"
                          " WHERE number = ? AND lease = ? AND taker <> ''",
                          {due_after(queue, lease), forgiven, job.number, job.lease}) == 0)
    throw Error(ErrorCode::conflict,
                "Job " + std::to_string(job.number) + " of " + job.topic + " is no longer this worker's", {},
                "Throw its result away: another worker has the job");
}

std::vector<Json> payloads_in_work(Database& database, std::string_view topic) {
  return database.read([&](Connection& connection) {
    std::vector<Json> payloads;
    connection.query("SELECT payload FROM job WHERE topic = ? AND parked = 0 AND taker <> ''", {topic},
                     [&](const Row& row) { payloads.push_back(Json::parse(row.text(0))); });
    return payloads;
  });
}

void give_back(Transaction& transaction, const Queue& queue, const Job& job) {
  transaction.execute("UPDATE job SET due = ?, taker = '' WHERE number = ? AND lease = ? AND taker <> ''",
                      {due_after(queue, {}), job.number, job.lease});
}

}  // namespace meridian::storage
