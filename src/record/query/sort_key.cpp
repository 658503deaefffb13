#include "record/query/sort_key.h"

#include <optional>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/store/index_rows.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

struct SortColumn {
  std::string name;
  SortKey::Kind kind;
};

std::optional<SortColumn> column_of(SearchType type) {
  switch (type) {
    case SearchType::string:
      return {{"folded", SortKey::Kind::text}};
    case SearchType::token:
      return {{"code", SortKey::Kind::text}};
    case SearchType::reference:
      return {{"target_id", SortKey::Kind::text}};
    case SearchType::date:
      return {{"low", SortKey::Kind::integer}};
    case SearchType::number:
    case SearchType::quantity:
      return {{"low", SortKey::Kind::real}};
    case SearchType::uri:
      return {{"uri", SortKey::Kind::text}};
    case SearchType::composite:
    case SearchType::special:
      break;
  }
  return {};
}

Sql outermost_value(const SortColumn& column, bool descending, const std::string& table, const Sql& rows) {
  return Sql{std::string("(SELECT ") + (descending ? "MAX" : "MIN") + "(x." + column.name + ") FROM " +
                 table + " x WHERE x.resource = r.key AND ",
             {}}
      .add(rows)
      .add(")");
}

// The rows of which no other of the same resource comes before.
Sql along_index(const SortColumn& column, bool descending, const std::string& table, const Sql& rows) {
  return Sql{" FROM " + table + " x CROSS JOIN resource r ON r.key = x.resource WHERE ", {}}.add(rows).add(
      " AND NOT EXISTS (SELECT 1 FROM " + table +
      " y WHERE y.resource = x.resource AND y.field = x.field AND y." + column.name +
      (descending ? " > x." : " < x.") + column.name + ")");
}

SortKey of_resource(const char* column, SortKey::Kind kind, bool descending, const std::string& type) {
  return {{column, {}}, kind, descending, {" FROM resource r WHERE r.type = ?", {type}}, column, "r.key"};
}

// Of several places the nearest counts.
SortKey by_distance(const std::string& type, const SearchParameter& parameter, bool descending,
                    std::string_view place) {
  if (place.empty())
    throw Error(ErrorCode::invalid_request, "There is no place to be near", "_sort",
                "Give the parameter near, as near=-33.9|151.2");
  return {Sql{"(SELECT MIN(", {}}
              .add(distance_from(place))
              .add(") FROM composite_index x WHERE x.resource = r.key AND ")
              .add(rows_of(type, parameter, "composite_index"))
              .add(")"),
          SortKey::Kind::real,
          descending,
          {},
          {},
          {}};
}

}  // namespace

SortKey sort_key(const std::string& type, const std::string& code, bool descending, std::string_view place) {
  if (code == "_lastUpdated") return of_resource("r.updated", SortKey::Kind::integer, descending, type);
  if (code == "_id") return of_resource("r.id", SortKey::Kind::text, descending, type);
  const SearchParameter* parameter = find_search_parameter(type, code);
  if (parameter && parameter->type == SearchType::special && !parameter->expression.empty())
    return by_distance(type, *parameter, descending, place);
  const std::optional<SortColumn> column = parameter ? column_of(parameter->type) : std::nullopt;
  if (!column)
    throw Error(ErrorCode::invalid_request, type + " cannot be sorted by \"" + code.substr(0, 80) + "\"",
                "_sort");
  const std::string table(index_table_of(parameter->type));
  const Sql rows = rows_of(type, *parameter, table);
  SortKey key{outermost_value(*column, descending, table, rows), column->kind, descending, {}, {}, {}};
  if (parameter->type == SearchType::quantity) {
    const Sql in_base_units = Sql(rows).add(" AND x.system = ?", {kCanonicalUnits});
    key.value = Sql{"COALESCE(", {}}
                    .add(outermost_value(*column, descending, table, in_base_units))
                    .add(", ")
                    .add(key.value)
                    .add(")");
  } else if (stored_fields(type, *parameter).fields.size() == 1) {
    key.along = along_index(*column, descending, table, rows);
    key.value_along = "x." + column->name;
    key.key_along = "x.resource";
  }
  return key;
}

}  // namespace meridian::record
