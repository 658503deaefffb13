// What an algorithm found on an ECG, as a structured report.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archive/results/reported.h"

namespace meridian::archive {

struct EcgReport {
  std::string_view waveform_file;  // DICOM; the report goes into its study
  std::span<const ReportedFinding> findings;
  Algorithm algorithm;
  ResultIdentity identity;
  std::optional<Verification> verification;  // none: the report is partial, preliminary and unverified
};

// Comprehensive 3D SR Storage with template TID 3700 (PS3.16): the recording and the algorithm, the global
// measurements (rate, RR, PR, QRS, QT, QRS axis) of the findings that have them, and the findings: one that
// is present by its code, with its sentence, certainty (percent) and further values; one that was looked for
// and not found by its sentence only, so that nobody takes its code for a diagnosis. Throws what
// parse_instance throws, and invalid_value when there is no finding or a text cannot be kept.
std::string compose_ecg_report(const EcgReport& report);

}  // namespace meridian::archive
