// How well Patient/$match finds people again.
#pragma once
#include "app/bench/bench.h"
#include "app/bench/figures.h"

namespace meridian::app {

// Synthea's people, each described again, ten times, with the errors and changes that match_bench.cpp names
// (seeded): of the test part (vision/split.h) how often each is found, and how many of those found are they.
// Half of that part is not in the record, so that nobody is the right answer. With options.features also
// patient_match_pairs.csv, which fields agree in each pair of the other patients' records, which
// training/patient_match learns from. Throws unavailable without Synthea's bundles.
void measure_matches(const BenchOptions& options, Figures& figures);

}  // namespace meridian::app
