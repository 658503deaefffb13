// Finds what a search asks for, a page at a time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "record/query/search_request.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::record {

struct Page {
  std::vector<std::int64_t> keys;     // of resource rows, in order
  std::optional<std::int64_t> total;  // when asked for, or known for nothing
  std::string next_cursor;            // empty: there is no more
  std::string previous_cursor;        // empty: there is nothing before
};

// Of the page that ends with the last match.
std::string last_page_cursor();

// most: resources on the page. The cursor in the request says after which resource it begins, or before which
// it ends, so that what is written meanwhile neither hides nor repeats others. Throws invalid_value for a
// cursor that was not given out here.
Page find_page(storage::Connection& connection, const trust::Principal& principal,
               const SearchRequest& request, int most);
std::int64_t count_matches(storage::Connection& connection, const trust::Principal& principal,
                           const SearchRequest& request);

}  // namespace meridian::record
