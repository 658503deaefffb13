// Times as HL7 version 3 writes them (TS): YYYYMMDDHHMMSS.UUUU+ZZZZ, cut anywhere after the year.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace meridian::archive {

// Without a zone taken as UTC; nothing when it is no time or names no day.
std::optional<Instant> parse_hl7_time(std::string_view text);
// 20261124135319.123+0000
std::string format_hl7_time(Instant time);

}  // namespace meridian::archive
