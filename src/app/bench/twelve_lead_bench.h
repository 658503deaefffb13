// How well 12-lead ECGs are diagnosed.
#pragma once
#include "app/bench/bench.h"
#include "app/bench/figures.h"

namespace meridian::app {

// PTB-XL (the records given) and LUDB together: AUC of NORM, MI, STTC, CD and HYP, their mean with its
// interval by bootstrap, and the calibration error; each ECG judged by models of the fold (patient modulo 5)
// that has not seen it. Writes twelve_leads.csv, from which training/ecg/fit_forest.py makes the model, where
// a folder is named for tables. Does nothing without the data.
void bench_twelve_leads(const BenchOptions& options, Figures& figures);

}  // namespace meridian::app
