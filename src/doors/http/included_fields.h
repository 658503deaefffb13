// Attributes that a search includes (PS3.18, 8.3.4.3) and the index does not hold: of the files themselves.
#pragma once
#include <cstdint>
#include <set>

#include "base/json.h"
#include "doors/http/routes.h"
#include "trust/identity.h"

namespace meridian::doors::http {

// Puts into each match those of the attributes that the index does not hold, as the instance says them, or
// the first instance of the series or study that the principal may see.
void add_fields_of_files(const Services& services, const trust::Principal& principal,
                         const std::set<std::uint32_t>& tags, Json& matches);

}  // namespace meridian::doors::http
