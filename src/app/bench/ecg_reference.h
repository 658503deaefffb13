// The records that people annotated, as the ECG benches compare with them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "signal/beat_matching.h"

namespace meridian::app {

struct ReferenceBeats {
  std::vector<std::int64_t> samples;
  std::vector<char> classes;  // ANSI/AAMI EC57: N, S, V, F, Q
  std::vector<signal::SampleRange> flutter;
};

// Of the .atr file beside a WFDB header; length in samples.
ReferenceBeats reference_beats(std::filesystem::path header, std::int64_t length);
// WFDB headers, sorted.
std::vector<std::filesystem::path> headers_in(const std::filesystem::path& folder);

// The division of the MIT-BIH records into training and test by patient (de Chazal, O'Dwyer and Reilly, IEEE
// Trans Biomed Eng 51:1196, 2004), which leaves out the four paced records.
enum class MitBihPart { train, test, paced };
MitBihPart mit_bih_part(const std::string& record);

}  // namespace meridian::app
