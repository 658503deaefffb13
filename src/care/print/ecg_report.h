// An ECG as a document to be printed: on paper of 25 mm/s and 10 mm/mV, with what was measured and said.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "care/print/long_ecg.h"
#include "engine/finding.h"
#include "signal/recording.h"

namespace meridian::care {

// A beat that is not normal, to be marked.
struct PrintedBeat {
  std::int64_t sample = 0;
  char aami_class = 'V';
  bool is_signed = false;
};

struct PrintedFinding {
  engine::LocalizedText text;
  std::optional<double> probability, threshold;
  bool positive = true;
  std::vector<std::pair<engine::LocalizedText, std::string>> measurements;  // name, as it is read
  bool is_signed = false;                                                   // accepted by who signed
  std::string code = {};                                                    // system|code
};

// What the signature of the case's report is of: this ECG, others without it, or nobody knows.
enum class Signature { of_this, of_others, not_known };

struct EcgReport {
  bool chinese = false;
  std::string patient;              // one line: names, sex, age; empty: not known
  std::optional<Instant> recorded;  // printed as the clocks here show it
  std::string assistant;
  std::string conclusion;  // of the clinical report; empty: there is none
  std::string signed_by;   // empty: nobody has signed, or without this ECG
  std::optional<Instant> signed_at;
  Signature signature = Signature::of_this;
  std::vector<PrintedFinding> findings;
  std::vector<PrintedBeat> beats;
  LongEcg course;
};

// A4, landscape: the first ten seconds (twelve leads as 3 by 4 with a rhythm strip, fewer one below the
// other), or of a recording of more than two minutes its summary (long_ecg_pages.h); then the findings and
// the table of measurements. What nobody has signed says so on each page, and
// which findings were signed. Characters that no font here has are told of. Throws what Pdf throws.
std::string ecg_pdf(const EcgReport& report, const signal::Recording& recording);

}  // namespace meridian::care
