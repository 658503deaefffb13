// $graphql: reading with GraphQL (FHIR R4, graphql.html).
#pragma once
#include <string>

#include "record/operations/operation.h"

namespace meridian::record {

// {"data": ...} for the query in the call's parameter or body ({"query": ..., "variables": ...}): of the
// resource at the address, or, without one, of fields such as Patient(id: "1"), PatientList(name: "x") and
// PatientConnection(name: "x", _cursor: "..."), whose edges are the resources of a page, and of the schema
// itself (graph_schema.h). Reference.resource and TYPEList(_reference: PARAMETER) lead on to what the one who
// asks may see. Throws what parse_graph_query throws, invalid_value for a field that a type does not have,
// not_found, too_large.
std::string run_graph_query(const OperationContext& context, const OperationCall& call);

}  // namespace meridian::record
