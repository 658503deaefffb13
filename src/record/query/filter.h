// The parameter _filter (FHIR R4, 3.1.3): a condition in a small language.
#pragma once
#include <string_view>

#include "record/query/criterion.h"

namespace meridian::record {

// "name co wang and (birthdate ge 1960 or not (gender eq male))". Throws invalid_request with the place for
// what is no filter, is too long or too deep, and what criterion_of throws.
Criterion filter_criterion(std::string_view type, std::string_view text, const CriterionContext& context);

}  // namespace meridian::record
