// The versions of a resource, of a type or of all, newest first, as a Bundle.
#pragma once
#include <string>

#include "record/record.h"

namespace meridian::record {

// Of all types only those that the principal's role may read. Parameters: _count, _since, _at, _list,
// _cursor. Throws invalid_request for others.
std::string history_bundle(storage::Connection& connection, const trust::Principal& principal,
                           const std::string& type, const std::string& id, const Parameters& parameters,
                           const RecordOptions& options);

}  // namespace meridian::record
