// The header of EDF and BDF files (Kemp 1992, 2003; edfplus.info).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "signal/recording.h"

namespace meridian::archive {

struct EdfSignal {
  std::string label, unit;
  double physical_minimum = 0, physical_maximum = 0, digital_minimum = 0, digital_maximum = 0;
  std::size_t samples = 0;  // a record
  std::size_t offset = 0;   // bytes from the record's beginning
};

struct EdfHeader {
  bool annotated = false;      // EDF+ or BDF+
  bool discontinuous = false;  // EDF+D
  std::size_t sample_bytes = 2;
  std::size_t bytes = 0;                 // of the header
  std::optional<std::uint64_t> records;  // unknown while a device still writes
  double record_seconds = 0;
  std::size_t record_bytes = 0;
  std::optional<Instant> start;
  signal::RecordedSubject subject;
  std::vector<EdfSignal> signals;
};

// Throws invalid_syntax with the field's byte, too_large.
EdfHeader parse_edf_header(std::string_view bytes);

// Whether the signal holds EDF+ annotations.
bool is_edf_annotation(const EdfSignal& signal);

}  // namespace meridian::archive
