// The target of a request: its path and query, decoded (RFC 3986; application/x-www-form-urlencoded for the
// query).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "doors/http/message.h"

namespace meridian::doors::http {

struct Target {
  std::vector<std::string> segments;  // without empty ones
  Parameters query;
};

// Throws invalid_request for a broken escape, a NUL, and a segment that is "." or "..".
Target parse_target(std::string_view target);
Parameters parse_form(std::string_view text);
// For building targets: everything but unreserved characters is escaped.
std::string percent_encoded(std::string_view text);

}  // namespace meridian::doors::http
