// SQL text with the values of its parameters, put together piece by piece.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "storage/database.h"

namespace meridian::record {

using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

struct Sql {
  std::string text;
  std::vector<SqlValue> values;

  Sql& add(std::string_view more, std::vector<SqlValue> with = {}) {
    text += more;
    for (SqlValue& value : with) values.push_back(std::move(value));
    return *this;
  }
  Sql& add(const Sql& more) { return add(more.text, more.values); }
  // Joined as "(a OR b)"; "FALSE" when there is none.
  static Sql any_of(const std::vector<Sql>& alternatives);
  // Joined as "a UNION ALL b"; no text when there is none.
  static Sql all_rows_of(const std::vector<Sql>& selects);

  void run(storage::Connection& connection, const std::function<void(const storage::Row&)>& each_row) const;
};

}  // namespace meridian::record
