// What this node can do, as FHIR's CapabilityStatement.
#pragma once
#include "record/record.h"

namespace meridian::record {

Json make_capability_statement(const RecordOptions& options);

}  // namespace meridian::record
