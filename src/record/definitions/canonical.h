// FHIR R4's own conformance resources: what its canonical URLs name. Compiled into the program, without what
// only people read (narratives, descriptions, comments).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

// The CodeSystem, ConceptMap, StructureDefinition or ValueSet that R4 defines; a null pointer when there is
// none. A |version after the URL is not looked at. Safe from any thread; what was asked for lately is kept.
std::shared_ptr<const Json> find_definition(std::string_view type, std::string_view url);
// The canonical URLs of all that R4 defines of the type, sorted.
std::vector<std::string_view> definition_urls(std::string_view type);

// A canonical without its |version.
std::string_view url_of_canonical(std::string_view canonical);

}  // namespace meridian::record
