// ViewDefinition/$run (SQL on FHIR 2.0).
#pragma once
#include <string>

#include "record/operations/operation.h"
#include "record/views/view_table.h"

namespace meridian::record {

// The table of the ViewDefinition of the address, of the body, of its parameter viewResource, or of what
// viewReference names (stored_view.h). Parameters: _format (csv, ndjson, json), header, _limit, _since,
// patient, group, resource (those to be made into a table, in place of the record's), source (this node's
// address). Throws not_found, invalid_request, not_supported for another source, what view_table throws.
std::string run_view(const OperationContext& context, const OperationCall& call);
// The format that the call asks for; NDJSON where it does not say. Throws invalid_value.
TableFormat table_format(const OperationCall& call);

}  // namespace meridian::record
