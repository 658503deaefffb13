// WFDB records: a header (.hea) and the signal files it names, or segments that are records themselves.
#pragma once
#include <string>

#include "archive/waveform/file_source.h"
#include "signal/recording.h"

namespace meridian::archive {

// The record of that name (without .hea). ECG leads in millivolts, in the header's order; what is not an ECG
// lead or not in volts is named in `unread`. Signals of fewer samples a frame are interpolated to the fastest
// one. Initial values and checksums are verified. Throws invalid_syntax or invalid_value (header), not_found
// (a file is missing), not_supported (a storage format), invalid_structure (a file holds less than the header
// says), corrupted (checksum), too_large.
signal::Recording read_wfdb(const FileSource& files, const std::string& record_name);

}  // namespace meridian::archive
