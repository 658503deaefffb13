// The criterion of a search from which its matches are found; the others check them (docs/decisions/0005).
#pragma once
#include <cstdint>
#include <vector>

#include "record/query/search_request.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::record {

struct Lead {
  Sql finding;                           // of its criterion; without text: all resources of the type
  const Criterion* criterion = nullptr;  // which needs no check then; none: what the asker may see
  bool few = false;                      // all that it finds may be collected
  std::vector<std::int64_t> keys;        // when few: what it finds, in order, each once
};

// Few when one of the criteria finds few, or the asker may see little; else one that finds in the order of
// the keys, or none. It lives as long as the part.
Lead lead_of(storage::Connection& connection, const trust::Principal& principal, const SearchPart& part);

}  // namespace meridian::record
