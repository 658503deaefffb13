#pragma once
#include "record/record.h"

namespace meridian::record {

// What GET /metadata?mode=terminology answers: the code systems that are carried or stored, and what the
// terminology operations understand.
Json make_terminology_capabilities(storage::Connection& connection, const RecordOptions& options);

}  // namespace meridian::record
