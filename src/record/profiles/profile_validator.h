// Validation against R4 and profiles.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "record/terminology/canonical_source.h"
#include "record/validation/validator.h"

namespace meridian::record {

// All that R4, the profiles named and those of meta.profile are against.
// A profile of meta.profile that nobody knows is a warning. Throws not_found for one that is named, and what
// ProfileWalk throws.
std::vector<Issue> validate(const Json& resource, const CanonicalSource& source,
                            const std::vector<std::string>& profiles);

}  // namespace meridian::record
