// FHIR's ImagingStudy made from what the index knows of a study.
#pragma once
#include <span>
#include <string>

#include "archive/instance.h"
#include "base/json.h"

namespace meridian::archive {

// The system by which a study's UID and an instance's class are identifiers in FHIR.
inline constexpr const char* kDicomUidSystem = "urn:dicom:uid";

// Puts into the resource what the index knows: its identifier (the study's UID, "urn:oid:1.2.3"), series,
// instances and counts. series: of one study, at least one. What else the resource says stays.
void describe_study(Json& resource, std::span<const SeriesFacts> series);

}  // namespace meridian::archive
