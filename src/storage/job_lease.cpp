#include "storage/job_lease.h"

#include "base/error.h"

namespace meridian::storage {
namespace {

// Microseconds since 1970, as the queue's table has it.
std::int64_t due_after(const Queue& queue, std::chrono::seconds delay) {
  return (queue.time() + delay).time_since_epoch().count();
}

}  // namespace

void extend_lease(Transaction& transaction, const Queue& queue, const Job& job, std::chrono::seconds lease) {
  if (transaction.execute("UPDATE job SET due = ?, deaths = 0 WHERE number = ? AND lease = ? AND taker <> ''",
                          {due_after(queue, lease), job.number, job.lease}) == 0)
    throw Error(ErrorCode::conflict,
                "Job " + std::to_string(job.number) + " of " + job.topic + " is no longer this worker's", {},
                "Throw its result away: another worker has the job");
}

void give_back(Transaction& transaction, const Queue& queue, const Job& job) {
  transaction.execute("UPDATE job SET due = ?, taker = '' WHERE number = ? AND lease = ? AND taker <> ''",
                      {due_after(queue, {}), job.number, job.lease});
}

}  // namespace meridian::storage
