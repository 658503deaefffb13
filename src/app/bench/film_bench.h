#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// How well and how fast films are read: tuberculosis on the test part of shenzhen_tb (AUC with DeLong's
// interval, sensitivity and specificity at the card's operating point, calibration), the same under worse
// exposure, what is refused that should be and what should not, and the time of a film from its bytes. The
// card's numbers are these. Throws unavailable without the data or a model. Returns the exit status, 0.
int bench_film(const BenchOptions& options);

}  // namespace meridian::app
