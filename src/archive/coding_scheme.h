// Coding Scheme Designators (PS3.16, 8): how DICOM names the code systems of FHIR.
#pragma once
#include <string_view>

namespace meridian::archive {

// "SCT" of "http://snomed.info/sct". A system that DICOM has no name for is a private one of this program.
std::string_view scheme_designator(std::string_view system);

}  // namespace meridian::archive
