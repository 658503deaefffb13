// What a search is sorted by.
#pragma once
#include <string>
#include <string_view>

#include "record/query/sql.h"

namespace meridian::record {

struct SortKey {
  enum class Kind { text, integer, real };
  Sql value;  // an expression on the row r of resource
  Kind kind = Kind::text;
  bool descending = false;
  // Where an index has the resources in the order of their values: FROM and WHERE of rows r that have one,
  // some of them repeatedly, and the columns of the value there and of the key. Without text: there is none.
  Sql along;
  std::string value_along, key_along;
};

// code: a parameter of the type, _id or _lastUpdated. Of several values of a resource the first counts
// (descending: the last), of a period when it begins, of a quantity that in base units where it has one.
// Throws invalid_request for what has no order.
// place: the value of the parameter near, for those who sort by it; empty: there is none.
SortKey sort_key(const std::string& type, const std::string& code, bool descending,
                 std::string_view place = {});

}  // namespace meridian::record
