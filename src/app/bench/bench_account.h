#pragma once
#include <string>

#include "app/core.h"

namespace meridian::app {

// Makes a clinician of an organization and signs them in: their token, as a bearer of which the benches ask.
std::string bench_token(Core& core);

}  // namespace meridian::app
