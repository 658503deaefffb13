// Values against the fixed values and patterns of profiles (FHIR R4, elementdefinition.html).
#pragma once
#include "base/json.h"

namespace meridian::record {

// The same value; the order of an object's members is no matter.
bool is_same(const Json& fixed, const Json& value);
// Whether the value has all that the pattern has; items of a list in any order, among others.
bool has_pattern(const Json& pattern, const Json& value);

}  // namespace meridian::record
