#include "record/query/sql.h"

namespace meridian::record {

Sql Sql::any_of(const std::vector<Sql>& alternatives) {
  if (alternatives.empty()) return {"FALSE", {}};
  Sql joined{"(", {}};
  for (std::size_t i = 0; i < alternatives.size(); ++i) joined.add(i ? " OR " : "").add(alternatives[i]);
  return joined.add(")");
}

Sql Sql::all_rows_of(const std::vector<Sql>& selects) {
  Sql joined;
  for (const Sql& select : selects) joined.add(joined.text.empty() ? "" : " UNION ALL ").add(select);
  return joined;
}

void Sql::run(storage::Connection& connection,
              const std::function<void(const storage::Row&)>& each_row) const {
  std::vector<storage::Value> bound;
  bound.reserve(values.size());
  for (const SqlValue& value : values)
    std::visit(
        [&](const auto& v) {
          if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
            bound.emplace_back(std::string_view(v));
          else
            bound.emplace_back(v);
        },
        value);
  connection.run(text, bound, [&](const storage::Row& row) { return each_row(row), true; });
}

}  // namespace meridian::record
