// JSON Patch (RFC 6902).
#pragma once
#include "base/json.h"

namespace meridian::record {

// The document as the operations leave it; all are applied, or none. Throws invalid_structure for what is no
// patch, invalid_value for a path that leads nowhere, conflict when a `test` does not hold, too_large.
Json apply_json_patch(Json document, const Json& patch);

}  // namespace meridian::record
