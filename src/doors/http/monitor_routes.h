// Monitors over WebSockets: docs/console-api.md.
#pragma once
#include "doors/http/routes.h"

namespace meridian::doors::http {

void add_monitor_routes(Router& router, const Services& services);

}  // namespace meridian::doors::http
