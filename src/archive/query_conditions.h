// What a query's keys must match, as conditions of SQL.
#pragma once
#include <string>
#include <vector>

#include "archive/query_attributes.h"
#include "storage/database.h"

namespace meridian::archive {

// The conditions of a WHERE and the values of their parameters, in order.
class QueryConditions {
 public:
  // Those of the keys that the index holds at the query's level or above. Throws invalid_value for a list of
  // more than 1,000 values, and for a date or time that is none.
  explicit QueryConditions(const Query& query);

  const std::string& sql() const { return sql_; }
  std::vector<storage::Value> parameters() const;

 private:
  void add(const QueryAttribute& attribute, const std::string& value);
  void add_modalities(const std::string& value);
  void add_request_attributes(const Query& query);
  void add_text(const char* column, const std::string& value);
  void add_number(const char* column, const std::string& value);
  void add_name(const std::string& value);
  void add_fuzzy_name(const std::string& value);
  void add_range(const char* column, const std::string& value);
  // The column has one of the values, which have backslashes or commas between them.
  std::string in_list(const std::string& column, const std::string& value);
  // One of the patterns must match the column; * and ? are wildcards.
  void add_any_of(const std::string& column, const std::vector<std::string>& patterns);
  void compare(const std::string& condition, std::string value);
  void begin();

  std::string sql_;
  std::vector<std::string> values_;
};

}  // namespace meridian::archive
