// The formats of FHIR's primitive types.
#pragma once
#include <string>

#include "base/json.h"
#include "record/definitions/model.h"

namespace meridian::record {

// What is wrong with the value, in a sentence; empty when it is one of the type.
std::string primitive_problem(const TypeDefinition& type, const Json& value);

}  // namespace meridian::record
