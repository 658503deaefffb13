// Jobs that take longer than anybody can say when they are taken.
#pragma once
#include <chrono>

#include "storage/queue.h"

namespace meridian::storage {

// What the job has come to since its lease was extended last.
enum class Since { progress, nothing };

// The job is this taker's for so long from now. With progress, in the transaction that keeps it, that earlier
// takers died is forgiven. Throws conflict when it is no longer this taker's.
void extend_lease(Transaction& transaction, const Queue& queue, const Job& job, std::chrono::seconds lease,
                  Since since);
// Of the jobs of the topic that somebody has in work, as of what is durable.
std::vector<Json> payloads_in_work(Database& database, std::string_view topic);
// Puts the job back, due at once: its taker stops before it is done. Does nothing when it is no longer this
// taker's.
void give_back(Transaction& transaction, const Queue& queue, const Job& job);

}  // namespace meridian::storage
