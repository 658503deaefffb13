// What GraphQL clients ask of the schema itself (introspection): __schema and __type, made from R4's
// definitions.
#pragma once
#include <optional>
#include <string>

#include "record/definitions/model.h"
#include "record/graphql/graph_query.h"

namespace meridian::record {

// GraphQL's names have no points: Patient_contact.
std::string graph_name(const TypeDefinition& type);

// The answer to a field __schema or __type(name: "Patient"); nothing for other fields. Null for a type that
// there is not.
std::optional<Json> schema_field(const GraphSelection& field);

}  // namespace meridian::record
