// Resources that come along with the matches of a search: what they refer to, and what refers to them.
#pragma once
#include <vector>

#include "record/query/search_request.h"
#include "trust/principal.h"

namespace meridian::record {

struct Included {
  std::vector<std::int64_t> keys;  // of resource rows, none of them among the matches
  bool cut_short = false;          // there were more than the limit
};

Included find_included(storage::Connection& connection, const trust::Principal& principal,
                       const SearchRequest& request, const std::vector<std::int64_t>& matches,
                       std::size_t limit);

}  // namespace meridian::record
