// Clinical resources in a line of text, for narratives.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

// What it is, its value and when: "Haemoglobin: 7.1 g/dL, 2026-01-31".
std::string line_of_resource(const Json& resource);
// A narrative of the lines, as FHIR's Narrative; status: "generated".
Json narrative(const std::vector<std::string>& lines);

}  // namespace meridian::record
