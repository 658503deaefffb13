// The criterion of a search from which its matches are found; the others check them (docs/decisions/0005).
#pragma once
#include <cstdint>
#include <vector>

#include "record/query/criterion.h"
#include "storage/database.h"

namespace meridian::record {

struct Lead {
  const Criterion* criterion = nullptr;  // none: from all resources of the type
  bool few = false;                      // all that it finds may be collected
  std::vector<std::int64_t> keys;        // when few: what it finds, in order, each once
};

// Few when one of the criteria finds few; else one that finds in the order of the keys, or none. It lives as
// long as the criteria.
Lead lead_of(storage::Connection& connection, const std::vector<Criterion>& criteria);

}  // namespace meridian::record
