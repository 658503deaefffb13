// ViewDefinitions of SQL on FHIR 2.0 (HL7): tables made of resources by FHIRPath.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "record/fhirpath/engine.h"

namespace meridian::record {

struct ViewColumn {
  std::string name;
  fhirpath::Expression path;
  bool collection;  // a list of values; otherwise at most one
};

struct ViewSelect {
  std::optional<fhirpath::Expression> for_each;
  std::vector<fhirpath::Expression> repeat;  // each of which is followed again from what it leads to
  bool or_null = false;                      // of forEachOrNull: a row also where there is nothing
  std::vector<ViewColumn> columns;
  std::vector<ViewSelect> selects, unions;
};

class ViewDefinition {
 public:
  using Row = std::vector<Json>;  // a value a column, null where there is none

  // Throws invalid_structure and invalid_value for what is no ViewDefinition, invalid_syntax for an
  // expression that is none.
  explicit ViewDefinition(const Json& definition);

  const std::string& resource() const { return resource_; }  // the type it is of
  const std::vector<std::string>& columns() const { return columns_; }
  // Of one resource of the type; none where its conditions (where) do not hold. Throws invalid_value where a
  // column that is no collection has several values, too_large.
  std::vector<Row> rows_of(const Json& resource) const;

 private:
  std::string resource_;
  std::vector<fhirpath::Expression> where_;
  std::vector<std::pair<std::string, fhirpath::Collection>> constants_;
  ViewSelect select_;
  std::vector<std::string> columns_;
};

}  // namespace meridian::record
