// The SQL of this program as PostgreSQL takes it.
//
// What both engines understand alike is left as it is. Parameters get numbers, tables get PostgreSQL's types,
// two words have other names there, and what only tells SQLite's planner how to go is left out: a plus before
// a column (no index on it), and CROSS before JOIN ... ON (in this order).
#pragma once
#include <string>
#include <string_view>

namespace meridian::storage::postgres {

struct SqlText {
  std::string text;
  int parameters = 0;
};
SqlText to_postgres(std::string_view sql);

}  // namespace meridian::storage::postgres
