// A recording of electric signals of the body: what every ECG reader makes and every ECG assistant takes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace meridian::signal {

struct Lead {
  std::string name;            // "I", "II", "V1", "MLII", as the field writes them
  std::vector<float> samples;  // millivolts; NaN where the recording has none
};

struct Recording {
  double sampling_frequency = 0;  // Hz
  std::vector<Lead> leads;        // all of one length
  std::optional<Instant> start;
  std::string source;               // how it came in: "WFDB", "DICOM"
  std::vector<std::string> unread;  // what the file holds and the reader could not read, in words

  std::size_t length() const { return leads.empty() ? 0 : leads.front().samples.size(); }
  double seconds() const {
    return sampling_frequency > 0 ? static_cast<double>(length()) / sampling_frequency : 0;
  }
};

}  // namespace meridian::signal
