#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// How fast the record is, with every write on disk before it is answered: creates by many clients at once,
// transactions of two resources, Synthea's transaction bundles (copied until there are options.resources),
// reads by id and searches, each checked for access and put into the ledger. Creates, reads and searches run
// for options.seconds each. Then how well $match finds people again (match_bench.h). Throws unavailable
// without Synthea's bundles. Returns the exit status, 0.
int bench_record(const BenchOptions& options);

}  // namespace meridian::app
