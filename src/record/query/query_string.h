// Query strings, as in "Patient?name=x&_count=3".
#pragma once
#include <string>
#include <string_view>

#include "record/record.h"

namespace meridian::record {

// Percent-decoded, + as a blank; throws invalid_request for a broken escape and the character 0.
Parameters parse_query(std::string_view query);
std::string format_query(const Parameters& parameters);
std::string decode_percent(std::string_view text);
std::string encode_percent(std::string_view text);

}  // namespace meridian::record
