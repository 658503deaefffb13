// What operations read of the record: only what the one who asks may see.
#pragma once
#include <string>
#include <vector>

#include "record/operations/operation.h"

namespace meridian::record {

// The matches of a search, at most so many; none of a type that the role may not read.
std::vector<Json> find_resources(const OperationContext& context, const std::string& type,
                                 const Parameters& search, int most);
// The resource that a literal reference means ("Type/id", also with the node's own address); null when there
// is none for the one who asks.
Json resolve_reference(const OperationContext& context, const std::string& reference);

// A value of a search parameter with FHIR's separators escaped.
std::string escape_search_value(std::string_view text);

}  // namespace meridian::record
