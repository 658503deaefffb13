// How well waves are found and placed.
#pragma once
#include "app/bench/bench.h"
#include "app/bench/figures.h"
#include "engine/assistant.h"

namespace meridian::app {

// LUDB, all leads of all records given: F1 of P, QRS and T (150 ms) with intervals by bootstrap over records,
// errors of onsets, peaks and ends, and the time that a 10 s 12-lead ECG takes. Each record is judged with
// the P wave model of the fold (record number modulo 5) that has not seen it. Writes ludb_p_waves.csv, from
// which training/ecg/fit_p_waves.py makes the model, where a folder is named for tables. Does nothing without
// the data.
void bench_delineation(const BenchOptions& options, const engine::Assistant& assistant, Figures& figures);

}  // namespace meridian::app
