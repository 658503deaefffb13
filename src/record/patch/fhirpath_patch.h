// FHIRPath Patch (FHIR R4, fhirpatch.html): a Parameters resource of operations add, insert, delete, replace
// and move.
#pragma once
#include "base/json.h"

namespace meridian::record {

// The resource as the operations leave it. Throws invalid_structure for what is no patch, invalid_value for a
// path that finds nothing or too much, and what FHIRPath throws.
Json apply_fhirpath_patch(Json resource, const Json& parameters);

}  // namespace meridian::record
