// The conditions on index rows that one value of a parameter means.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "record/definitions/definitions.h"
#include "record/query/search_value.h"
#include "record/query/sql.h"
#include "record/terminology/terminology.h"
#include "trust/principal.h"

namespace meridian::record {

// modifier: FHIR's; within _filter also "eq" and "ew" (is, ends with) of strings, "po" (overlaps) of dates.
struct ConditionRequest {
  std::string_view type;
  const SearchParameter& parameter;
  std::string_view modifier;
  std::string_view base_url;
  const Terminology* terminology = nullptr;
  const trust::Principal* principal = nullptr;
  bool in_filter = false;
};

// The index table that the values of such parameters are in.
std::string_view index_table_of(SearchType type);
// The one that this request looks into.
std::string_view table_of(const ConditionRequest& request);
// The rows x of a table that the values of a parameter are in, as one condition; or as several, each of which
// is one range of the table's index.
Sql rows_of(std::string_view type, const SearchParameter& parameter, std::string_view table);
std::vector<Sql> ranges_of_rows(std::string_view type, const SearchParameter& parameter,
                                std::string_view table);

// On a row x of that table.
struct RowConditions {
  std::vector<Sql> alternatives;  // one must hold
  bool of_one_value = false;      // there is but one, and the rows it holds for have the same value, by which
                                  // their table is ordered before it is by resource (store/schema.cpp)
};
// One value, not yet unescaped. Throws invalid_value, invalid_request for a modifier that the parameter has
// not, not_supported.
RowConditions conditions_of(const ConditionRequest& request, std::string_view value);

// What the conditions of each kind of parameter compare: columns of an index table.
struct TokenColumns {
  std::string code, system;
};
struct IntervalColumns {
  std::string low, high;
};
struct QuantityColumns {
  std::string code, system;
  IntervalColumns interval;
};
Sql starts_with(const std::string& column, const std::string& text);
Sql token_condition(std::string_view value, const TokenColumns& columns);
// By its modifier.
RowConditions token_conditions(const ConditionRequest& request, std::string_view value);
// latitude|longitude|distance|unit; without a distance 50 km.
std::vector<Sql> near_conditions(std::string_view value);
// Of a row x of the same table: grows with the distance from that place.
Sql distance_from(std::string_view value);
Sql overlap_condition(std::string_view value, const IntervalColumns& columns);
std::vector<Sql> date_conditions(std::string_view value, const IntervalColumns& columns);
std::vector<Sql> number_conditions(std::string_view value, const IntervalColumns& columns);
std::vector<Sql> quantity_conditions(std::string_view value, const QuantityColumns& columns);
// References to the resource, or to what is above or below it, by the modifier; type empty: any that the
// parameter leads to. Throws invalid_request where none of them is part of others of its type, forbidden
// where the principal's role may read none that is.
std::vector<Sql> hierarchy_conditions(const ConditionRequest& request, const std::string& type,
                                      const std::string& id);
RowConditions reference_conditions(const ConditionRequest& request, std::string_view value);
std::vector<Sql> composite_conditions(const ConditionRequest& request, std::string_view value);

}  // namespace meridian::record
