// An ECG as a document to be printed: on paper of 25 mm/s and 10 mm/mV, with what was measured and said.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/finding.h"
#include "signal/recording.h"

namespace meridian::care {

struct PrintedFinding {
  engine::LocalizedText text;
  std::optional<double> probability, threshold;
  bool positive = true;
  std::vector<std::pair<engine::LocalizedText, std::string>> measurements;  // name, as it is read
};

struct EcgReport {
  bool chinese = false;
  std::string patient;   // one line: names, sex, age; empty: not known
  std::string recorded;  // when
  std::string assistant;
  std::string conclusion;            // of the clinical report; empty: there is none
  std::string signed_by, signed_at;  // empty: nobody has signed
  std::vector<PrintedFinding> findings;
  std::vector<std::int64_t> other_beats;  // samples of those that are not normal, to be marked,
  std::string other_classes;              // with their classes
};

// A4, landscape: the first ten seconds (twelve leads as 3 by 4 with a rhythm strip, fewer one below the
// other), then the findings and the table of measurements. What nobody has signed says so on each page.
// Throws what Pdf throws.
std::string ecg_pdf(const EcgReport& report, const signal::Recording& recording);

}  // namespace meridian::care
