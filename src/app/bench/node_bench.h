#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// What a node asks of a machine: the demonstration node as a process of its own, started on an empty folder
// (its region is made and its cases are read) and again on what that left. Prints the time until it takes
// requests, and its resident memory then. Returns 0; throws unavailable when the node does not start.
int bench_node(const BenchOptions& options);

}  // namespace meridian::app
