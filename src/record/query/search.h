// Searches, answered as Bundles.
#pragma once
#include <string>
#include <vector>

#include "record/query/search_request.h"
#include "trust/principal.h"

namespace meridian::record {

std::string search_bundle(storage::Connection& connection, const trust::Principal& principal,
                          const SearchRequest& request, const RecordOptions& options);
// All matches, or as many as _count asks for.
std::vector<Json> all_matches(storage::Connection& connection, const trust::Principal& principal,
                              const SearchRequest& request);

}  // namespace meridian::record
