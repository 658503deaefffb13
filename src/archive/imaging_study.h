// FHIR's ImagingStudy made from what the index knows of a study.
#pragma once
#include <span>
#include <string>

#include "archive/instance.h"
#include "base/json.h"

namespace meridian::archive {

// The system by which a study's UID and an instance's class are identifiers in FHIR.
inline constexpr const char* kDicomUidSystem = "urn:dicom:uid";

// instances: all of one study, at least one, those of a series together (as Archive::instances gives them).
// subject: a Reference. The resource has no id; its identifier is the study's UID ("urn:oid:1.2.3").
Json imaging_study(std::span<const InstanceFacts> instances, const Json& subject);

}  // namespace meridian::archive
