// What a reading says of a long recording's course, to be printed: its hours, and the stretches that tell
// most of it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/finding.h"

namespace meridian::care {

struct PrintedHour {
  double from = 0;                                          // s from the start
  double mean_rate = 0, lowest_rate = 0, highest_rate = 0;  // beats a minute; 0: not known
  std::int64_t beats = 0, ventricular = 0, supraventricular = 0, pauses = 0;
  double fibrillation = 0;    // s, in suspected atrial fibrillation
  std::optional<double> qtc;  // ms
};

struct PrintedStretch {
  engine::LocalizedText title;
  double from = 0;         // s from the start, of what the title names
  double shown_from = 0;   // of the ten seconds that show it
  bool is_signed = false;  // its finding was accepted by who signed
};

struct LongEcg {
  std::vector<PrintedHour> hours;
  std::vector<PrintedStretch> stretches;
};

inline constexpr double kStretchSeconds = 10;

// Adds what the evidence of a finding tells: the hours; of the beats the fastest and the slowest minute; the
// longest run, pause or episode, and where the ST level left its usual one for longest. code: system|code.
void add_evidence(const std::string& code, const Json& evidence, bool is_signed, LongEcg& course);

}  // namespace meridian::care
