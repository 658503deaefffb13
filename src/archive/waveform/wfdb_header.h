// The header (.hea) of a WFDB record, as header(5) of the WFDB Applications Guide defines it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "signal/recording.h"

namespace meridian::archive {

struct WfdbSignal {
  std::string file_name;  // "~": no data, a place kept in a layout header
  int format = 16;
  int samples_per_frame = 1;
  int skew = 0;  // frames by which the file runs behind
  std::uint64_t byte_offset = 0;
  double gain = 200;       // ADC units per physical unit
  bool calibrated = true;  // false: the header gives no gain, and 200 per millivolt is assumed
  double baseline = 0;     // ADC units at 0 physical units
  std::string units = "mV";
  std::optional<std::int64_t> initial_value;
  std::optional<std::int64_t> checksum;  // of all samples, modulo 65536
  std::string description;               // the lead's name
};

struct WfdbSegment {
  std::string record_name;  // "~": a gap
  std::uint64_t frames = 0;
};

struct WfdbHeader {
  std::string record_name;
  double frame_frequency = 250;  // Hz
  std::optional<std::uint64_t> frames;
  std::optional<Instant> start;       // only where the header gives date and time; taken as UTC
  std::vector<WfdbSignal> signals;    // of a single-segment record
  std::vector<WfdbSegment> segments;  // of a multi-segment record
  signal::RecordedSubject subject;    // as the comments give it
};

// Throws invalid_syntax or invalid_value with the line's number.
WfdbHeader parse_wfdb_header(std::string_view text);

}  // namespace meridian::archive
