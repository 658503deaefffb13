// A principal as it is kept beside work that goes on after their request.
#pragma once
#include <functional>
#include <optional>

#include "base/json.h"
#include "trust/principal.h"

namespace meridian::record {

// Who a kept principal is now; nothing when the account may no longer do anything.
using AccountNow = std::function<std::optional<trust::Principal>(const trust::Principal& kept)>;

Json kept_principal(const trust::Principal& principal);
trust::Principal principal_of(const Json& kept);

}  // namespace meridian::record
