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

// Whose it is, as far as the recording says so; empty where it does not.
struct RecordedSubject {
  std::string id;
  std::string name;        // as DICOM PN writes it: Family^Given
  std::string birth_date;  // YYYY-MM-DD
  std::string sex;         // FHIR's administrative gender
  std::optional<double> age_years;
};

struct Recording {
  double sampling_frequency = 0;  // Hz
  std::vector<Lead> leads;        // all of one length
  std::optional<Instant> start;
  std::string source;               // how it came in: "WFDB", "DICOM"
  std::vector<std::string> unread;  // what the file holds and the reader could not read, in words
  std::vector<std::string> doubts;  // what is damaged, assumed or implausible in what was read, in words
  RecordedSubject subject;

  std::size_t length() const { return leads.empty() ? 0 : leads.front().samples.size(); }
  double seconds() const {
    return sampling_frequency > 0 ? static_cast<double>(length()) / sampling_frequency : 0;
  }
};

}  // namespace meridian::signal
