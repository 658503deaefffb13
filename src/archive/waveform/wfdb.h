// WFDB records: a header (.hea) and the signal files it names, or segments that are records themselves.
#pragma once
#include <string>
#include <vector>

#include "archive/waveform/file_source.h"
#include "signal/recording.h"

namespace meridian::archive {

// The record of that name (without .hea). ECG leads in millivolts, in the header's order; what is not an ECG
// lead or not in volts is named in `unread`. Signals of fewer samples a frame are interpolated to the fastest
// one. Initial values and checksums are verified: one that does not agree is a doubt, both are an error.
// Throws invalid_syntax or invalid_value (header), not_found (a file is missing), not_supported (a storage
// format), invalid_structure (a file holds less than the header says), corrupted, too_large.
signal::Recording read_wfdb(const FileSource& files, const std::string& record_name);

// The names of the files of that record: its header first, then its signal files, or its segments' files as
// far as the segments' headers are there. Throws what parse_wfdb_header throws, and not_found without its own
// header.
std::vector<std::string> wfdb_file_names(const FileSource& files, const std::string& record_name);

}  // namespace meridian::archive
