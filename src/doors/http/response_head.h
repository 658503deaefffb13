// The head of an answer as it goes over the wire.
#pragma once
#include <string>
#include <string_view>

#include "doors/http/message.h"

namespace meridian::doors::http {

inline constexpr std::string_view kContentPolicy = "Content-Security-Policy";

// Status line, headers of the answer, those that every answer bears (length, request id, security) and the
// empty line. An answer may bear a Content-Security-Policy of its own.
std::string response_head(const Response& response, std::string_view request_id, bool keep_alive);

}  // namespace meridian::doors::http
