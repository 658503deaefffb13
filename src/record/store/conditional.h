// What a condition such as If-None-Exist or a conditional reference finds.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "record/store/resource_table.h"
#include "trust/principal.h"

namespace meridian::record {

// The one resource, of those the principal may see, that meets the query ("identifier=a|b"), or none. Throws
// precondition_failed when several do, invalid_request when the query has no criterion, and forbidden where
// the role may not read the type.
std::optional<StoredResource> find_only_match(storage::Connection& connection,
                                              const trust::Principal& principal, const std::string& type,
                                              std::string_view query, const RecordOptions& options);

}  // namespace meridian::record
