// Instants as the clocks of this machine's time zone show them, for people to read.
#pragma once
#include <string>

#include "base/time.h"

namespace meridian {

// 2026-11-24 21:53:19 +08:00.
std::string format_local(Instant time);

}  // namespace meridian
