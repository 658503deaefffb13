// Codes and references against what an element allows.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "record/definitions/model.h"

namespace meridian::record {

// What is wrong with a code, Coding, CodeableConcept or Quantity under a required binding, or nothing. Of the
// sets that FHIR does not enumerate only currencies are checked, by their form.
std::string binding_problem(const ValueSetDefinition& set, const TypeDefinition& type, const Json& value);
// What is wrong with the text of a literal reference: its form, or the type of its target.
std::string reference_problem(const ElementType& type, std::string_view reference);

}  // namespace meridian::record
