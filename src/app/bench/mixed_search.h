// The mixed search load of issue 4's kinds: string, token, date, quantity, composite, reference, chain, _has
// and _include, in turn.
#pragma once
#include "app/bench/figures.h"
#include "app/bench/record_under_test.h"

namespace meridian::app {

// patients: ids of those in the reader's care. Adds the rate of all and the latencies of all and of each
// kind.
void measure_mixed_search(RecordUnderTest& node, const std::vector<std::string>& patients, double seconds,
                          Figures& figures);

}  // namespace meridian::app
