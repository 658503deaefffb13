// Jobs that take longer than anybody can say when they are taken.
#pragma once
#include <chrono>

#include "storage/queue.h"

namespace meridian::storage {

// In the transaction that keeps what the job has come to so far: it is this taker's for so long from now, and
// that earlier takers died is forgiven. Throws conflict when it is no longer this taker's.
void extend_lease(Transaction& transaction, const Queue& queue, const Job& job, std::chrono::seconds lease);
// Puts the job back, due at once: its taker stops before it is done. Does nothing when it is no longer this
// taker's.
void give_back(Transaction& transaction, const Queue& queue, const Job& job);

}  // namespace meridian::storage
