// STOW-RS (PS3.18 10.5): instances in, and what became of each.
#pragma once
#include <string>

#include "doors/http/message.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

// 200 when all are stored (also those that were here already), 202 some, 409 none.
Response store_instances(const Services& services, Request& request);

}  // namespace meridian::doors::http
