// References by canonical URL, "URL" or "URL|VERSION", to what this node has of that URL.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/query/sql.h"

namespace meridian::record {

// Whether canonical URLs name resources of the type.
bool is_canonical(std::string_view type);
// Those of the types that they name; of none at all, every one of R4.
std::vector<std::string> canonical_types(std::span<const std::string_view> types);
// The condition on rows x of reference_index and u of uri_index: x names the resource of u, one of these
// types. Either may come first.
Sql names_by_url(std::span<const std::string> types);

}  // namespace meridian::record
