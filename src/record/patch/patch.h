// Patches of resources, whichever language they are written in.
#pragma once
#include <string>

#include "base/json.h"

namespace meridian::record {

inline constexpr const char* kJsonPatchType = "application/json-patch+json";
inline constexpr const char* kXmlPatchType = "application/xml-patch+xml";

// The resource as the patch leaves it: an array is a JSON Patch, a Parameters resource a FHIRPath Patch, a
// text an XML Patch. Throws what these throw, and invalid_value when the patch changes what resource it is:
// its type or id.
Json apply_patch(const Json& resource, const Json& patch);

// The patch in a bundle's entry: a Binary that holds a JSON or XML Patch (FHIR R4, 3.1.0.8), or Parameters.
// Throws invalid_structure, unsupported_media_type, and what Json::parse throws.
Json patch_in(const Json& carrier);

}  // namespace meridian::record
