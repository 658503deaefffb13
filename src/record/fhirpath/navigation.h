// From an element to those below it.
#pragma once
#include <string_view>

#include "record/fhirpath/value.h"

namespace meridian::record::fhirpath {

// The resource as an element; its type is a null pointer when R4 has none of its resourceType.
Element resource_element(const Json& resource);
// Appends the children of the name ("value" also finds valueQuantity). False when the element's type has no
// such element.
bool append_children(const Element& element, std::string_view name, Collection& out);
// Appends all children, in the order of the JSON.
void append_all_children(const Element& element, Collection& out);

}  // namespace meridian::record::fhirpath
