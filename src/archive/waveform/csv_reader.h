// ECGs as tables of numbers, a column a lead, with their layout declared: in comments at the beginning, or in
// a JSON file of the same name beside.
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// Comments:
//   # sampling_frequency: 500
//   # unit: mV
//   I,II,V1
//   0.01,0.02,-0.05
// JSON:
//   {"sampling_frequency": 500, "unit": "mV", "leads": ["I", "II"], "skip_lines": 1,
//    "start": "2026-11-24T08:15:30Z", "sex": "female", "age_years": 60}
// sampling_frequency (Hz) and unit (mV, uV, V) are required, and the leads' names: as the JSON's "leads", or
// in the first row. Comments may also give start, sex and age_years. Columns are parted by commas, semicolons
// or tabs; one called "time", "t" or "sample" is left out. An empty field, or NaN, is no value. `sidecar` is
// empty where there is no JSON. Throws invalid_syntax (a row, with its line), invalid_structure (the layout),
// too_large.
signal::Recording read_csv_ecg(std::string_view bytes, std::string_view sidecar);

// Whether comments at its beginning declare a layout.
bool is_csv_with_layout(std::string_view bytes);

}  // namespace meridian::archive
