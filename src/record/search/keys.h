// How one element becomes what a search compares.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "record/definitions/model.h"
#include "record/search/extraction.h"

namespace meridian::record {

// Appends the keys that the JSON of an element gives. system: what a bare code is a code of, or empty.
using KeyMaker = void (*)(const Json& value, std::string_view system, std::vector<SearchKey>& keys);

// For an element of the type searched by a parameter of the kind; a null pointer when FHIR has no such pair.
KeyMaker key_maker(SearchType search, const TypeDefinition& type);
// The code system of an element that is bound to codes of one system only, else empty.
std::string_view implied_system(const ElementDefinition& element);

// Stands for the system of an Identifier's value in the key by which it is found together with its type
// (:of-type).
std::string system_of_type(std::string_view type_system, std::string_view type_code);
// Reads "Patient/123", "Patient/123/_history/4", "http://…", "urn:uuid:…".
ReferenceKey reference_key(std::string_view reference);

}  // namespace meridian::record
