#include "doors/http/response_head.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kSecurity =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: SAMEORIGIN\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";
// The console's scripts and fonts are its own; Ant Design writes its styles into the page; films and heat
// maps are data: and blob: pictures. No other site may frame it.
constexpr std::string_view kConsolePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

// A line break within a value would begin another header.
void append_value(std::string& out, std::string_view value) {
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  append_value(out, value);
  out += "\r\n";
}

bool has_length(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

std::string response_head(const Response& response, std::string_view request_id, bool keep_alive) {
  std::string out;
  out.reserve(1024);
  out.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(reason_phrase(response.status))
      .append("\r\n");
  if (!response.media_type.empty()) append_field(out, "Content-Type", response.media_type);
  if (response.more)
    out += "Transfer-Encoding: chunked\r\n";
  else if (!response.events && has_length(response.status))
    out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  for (const auto& [name, value] : response.headers.fields()) append_field(out, name, value);
  if (!response.headers.contains("Cache-Control")) out += "Cache-Control: no-store\r\n";
  append_field(out, "X-Request-Id", request_id);
  out += kSecurity;
  if (!response.headers.contains(kContentPolicy)) append_field(out, kContentPolicy, kConsolePolicy);
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return out;
}

}  // namespace meridian::doors::http
