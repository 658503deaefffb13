// What an algorithm found, as structured reports tell it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "archive/results/result.h"

namespace meridian::archive {

struct ReportedValue {
  Code what;
  double value = 0;
  Code unit;  // UCUM
};

struct ReportedFinding {
  Code code;
  bool present = true;                // false: looked for and not found
  std::string sentence;               // as a person reads it
  std::optional<double> probability;  // 0 to 1, of what the code says
  std::vector<ReportedValue> values;
  int segment = 0;  // its number in the segmentation; 0: none
};

// Who vouches for a report, and when.
struct Verification {
  std::string person;        // PN
  std::string organization;  // may be empty
  Instant at{};
  std::string replaces;  // the SOP Instance UID of the unverified report that this one follows; same series
};

}  // namespace meridian::archive
