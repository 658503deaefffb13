// The XHTML of a resource's narrative: only what FHIR allows (formatting, tables, links and images), nothing
// active.
#pragma once
#include <string>
#include <string_view>

namespace meridian::record::fhirpath {

// What is wrong with the narrative's div, in a sentence; empty when it is as FHIR R4 2.4.0 (txt-1, txt-2)
// demands.
std::string narrative_problem(std::string_view div);

}  // namespace meridian::record::fhirpath
