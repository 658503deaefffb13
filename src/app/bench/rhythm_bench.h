// How well rhythms are told apart.
#pragma once
#include <map>
#include <string>

#include "app/bench/bench.h"
#include "app/bench/figures.h"

namespace meridian::app {

// CinC 2017, all records given, each judged by the model of the fold (record number modulo 5) that has not
// seen it: F1 of N, A and O and their mean, with intervals by bootstrap over records. A refused record counts
// as noise. Writes cinc2017_rhythm.csv, from which training/ecg/fit_forest.py makes the model, where a folder
// is named for tables. Does nothing without the data.
void bench_rhythm(const BenchOptions& options, Figures& figures);

// Labels by record: N, A, O or ~.
std::map<std::string, std::string> rhythm_labels(const std::filesystem::path& table);

}  // namespace meridian::app
