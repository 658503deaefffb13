// How many requests a node answers, asked over sockets of the same machine.
#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// Starts a node in this process on a folder below work, in the clear on the loopback, and asks it over
// keep-alive connections, each with one request at a time: FHIR creates of patients (each durable when
// answered), then reads by id of what was created, both as a clinician. Prints requests per second, p50 and
// p99. The load comes from one thread of the same process and shares its cores. Returns 0; throws unavailable
// when an answer is not a success.
int bench_http(const BenchOptions& options);

}  // namespace meridian::app
