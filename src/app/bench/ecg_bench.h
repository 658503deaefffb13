// How well and how fast ECGs are read.
#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// QRS detection on all records of the MIT-BIH arrhythmia database that the data holds, over their whole
// length, matched as ANSI/AAMI EC57 asks (150 ms; ventricular flutter as annotated is left out): a line a
// record, gross and average sensitivity and positive predictive value, and the time the whole assistant
// takes. Atrial fibrillation on the test part of CinC 2017 (every fifth record): F1 with its 95 % interval by
// bootstrap. Writes cinc2017_features.csv, from which training/ecg makes the model, to the work folder.
// Throws unavailable without the data. Returns 0.
int bench_ecg(const BenchOptions& options);

}  // namespace meridian::app
