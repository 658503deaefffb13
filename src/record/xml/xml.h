// FHIR's XML and its JSON are two ways to write one resource.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::record {

// Throws invalid_syntax for what is no XML or has a DTD or entities, invalid_structure with the element's
// path for what R4 has no place for, too_large over the limits.
Json read_xml(std::string_view text, const JsonLimits& limits = {});
// The resource must have passed validation; throws invalid_structure for what R4 has no place for.
// pretty: an element a line, indented by two spaces.
std::string write_xml(const Json& resource, bool pretty = false);

}  // namespace meridian::record
