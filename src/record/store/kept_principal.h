// A principal as it is kept beside work that goes on after their request.
#pragma once
#include "base/json.h"
#include "trust/principal.h"

namespace meridian::record {

Json kept_principal(const trust::Principal& principal);
trust::Principal principal_of(const Json& kept);

}  // namespace meridian::record
