#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// How well and how fast the assistants of images read, on the test part of each of their sets: AUC of each
// class beside what six global numbers of the picture give (the shortcut) and the gain, sensitivity,
// specificity and calibration at the card's threshold, accuracy between classes (of the cases that are of one
// of them), Dice of what is outlined, the share refused, the same by sex, age and source where the set names
// them, the AUC when the pictures are blurred, noisy, darker, brighter or tilted, and the time from a file's
// bytes to its findings. An assistant without its models and a set that is not here are left out, and said so
// on standard error. With an assistant in the options its test parts alone are measured. Throws unavailable
// without the data, usage for an assistant that there is not. Returns the exit status, 0.
int bench_imaging(const BenchOptions& options);

}  // namespace meridian::app
