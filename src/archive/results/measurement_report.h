// What an algorithm found on an image, as a structured report.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archive/results/reported.h"

namespace meridian::archive {

struct MeasurementReport {
  std::string_view image_file;         // DICOM; the report goes into its study
  std::string_view segmentation_file;  // to which the findings' segments belong; may be empty
  std::span<const ReportedFinding> findings;
  Algorithm algorithm;
  ResultIdentity identity;
  std::optional<Verification> verification;  // none: the report is partial, preliminary and unverified
};

// Comprehensive 3D SR Storage with template TID 1500 (PS3.16): a measurement group a finding, with its code,
// presence, sentence, certainty (percent) and values; the algorithm is the observer. Throws what
// parse_instance throws, and invalid_value when there is no finding or a text cannot be kept.
std::string compose_measurement_report(const MeasurementReport& report);

}  // namespace meridian::archive
