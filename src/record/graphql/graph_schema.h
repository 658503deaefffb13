// What GraphQL clients ask of the schema itself (introspection): __schema and __type, made from R4's
// definitions.
#pragma once
#include <optional>
#include <string>

#include "record/definitions/model.h"
#include "record/graphql/graph_budget.h"
#include "record/graphql/graph_query.h"

namespace meridian::record {

// GraphQL's names have no points: Patient_contact.
std::string graph_name(const TypeDefinition& type);

// Of one query: the schema is made when it is first asked for, and not again.
class GraphSchema {
 public:
  explicit GraphSchema(GraphBudget& budget) : budget_(budget) {}

  // The answer to a field __schema or __type(name: "Patient"); nothing for other fields. Null for a type that
  // there is not. Throws too_large.
  std::optional<Json> field(const GraphSelection& field);

 private:
  const Json& whole();
  Json chosen(const Json& value, const std::vector<GraphSelection>& selections);

  GraphBudget& budget_;
  std::optional<Json> whole_;
};

}  // namespace meridian::record
