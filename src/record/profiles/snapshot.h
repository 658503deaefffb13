// Snapshots of profiles that come as differentials only (FHIR R4, profiling.html#snapshot).
#pragma once
#include "base/json.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {

// The StructureDefinition with the snapshot that its differential makes of its base's; as it is where it has
// one. Throws not_found for a base or type that nobody has, invalid_structure for a differential that does
// not fit its base.
Json with_snapshot(const Json& structure_definition, const CanonicalSource& source);

// The id of the element that one stands below: the same without the last segment, or without the slice. Empty
// for a root.
std::string parent_of_element(const std::string& id);

}  // namespace meridian::record
