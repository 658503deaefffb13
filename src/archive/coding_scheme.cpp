#include "archive/coding_scheme.h"

#include <algorithm>
#include <array>

namespace meridian::archive {
namespace {

struct Scheme {
  std::string_view system, designator;
};
constexpr std::array<Scheme, 5> kSchemes{{{"http://snomed.info/sct", "SCT"},
                                          {"http://loinc.org", "LN"},
                                          {"http://hl7.org/fhir/sid/icd-10", "I10"},
                                          {"http://dicom.nema.org/resources/ontology/DCM", "DCM"},
                                          {"http://unitsofmeasure.org", "UCUM"}}};
constexpr std::string_view kPrivateScheme = "99MERIDIAN";

}  // namespace

std::string_view scheme_designator(std::string_view system) {
  const auto known = std::ranges::find(kSchemes, system, &Scheme::system);
  return known == kSchemes.end() ? kPrivateScheme : known->designator;
}

}  // namespace meridian::archive
