// The filters of ValueSet.compose.include (FHIR R4, ValueSet.compose.include.filter).
#pragma once
#include <functional>
#include <string>

#include "base/json.h"
#include "record/terminology/code_system.h"

namespace meridian::record {

using ConceptTest = std::function<bool(const std::string& code)>;

// Whether a code of the system passes the filter; the system must outlive the test. Throws not_supported for
// an operator that is not known, invalid_value for a regular expression that is none.
ConceptTest concept_test(const CodeSystem& system, const Json& filter);

}  // namespace meridian::record
