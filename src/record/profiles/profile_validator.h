// Validation against R4 and profiles.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "record/profiles/references.h"
#include "record/terminology/canonical_source.h"
#include "record/validation/validator.h"

namespace meridian::record {

// All that R4, the profiles named and those of meta.profile are against, also of a Bundle's entries. A
// profile of meta.profile that nobody knows is a warning. references: what is referred to elsewhere; without
// it that is not looked at. Throws not_found for one that is named, and what
// ProfileWalk throws.
std::vector<Issue> validate(const Json& resource, const CanonicalSource& source,
                            const std::vector<std::string>& profiles, const References* references = nullptr);
// Throws invalid_value with the first error that a profile of meta.profile finds; what is no resource of R4
// at all, others find.
void require_claimed_profiles(const Json& resource, const CanonicalSource& source);

}  // namespace meridian::record
