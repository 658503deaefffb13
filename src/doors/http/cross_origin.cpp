#include "doors/http/cross_origin.h"

#include <algorithm>

#include "base/error.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
// What requests of FHIR and DICOMweb bear, and what their answers tell.
constexpr std::string_view kRequestHeaders =
    "Accept, Accept-Encoding, Authorization, Content-Encoding, Content-Type, If-Match, If-Modified-Since, "
    "If-None-Exist, If-None-Match, Prefer, Range, X-Security-Context";
constexpr std::string_view kAnswerHeaders =
    "Accept-Encoding, Allow, Content-Disposition, Content-Encoding, Content-Location, Content-Range, ETag, "
    "Last-Modified, Link, Location, Retry-After, Warning, X-Progress, X-Request-Id, X-Security-Context";
constexpr std::string_view kRemembered = "600";  // seconds that a browser does not ask again

[[noreturn]] void no_origin(const std::string& text) {
  throw Error(ErrorCode::invalid_configuration, "\"" + text + "\" is no origin", "http.web_origins",
              "Write a scheme, a host and perhaps a port: https://viewer.example");
}

std::string origin_of(std::string_view text) {
  const std::string origin(text);
  const std::size_t host = origin.find("://");
  const bool has_scheme = origin.starts_with("https://") || origin.starts_with("http://");
  if (!has_scheme || host + 3 == origin.size() ||
      origin.find_first_of("/ *?#@", host + 3) != std::string::npos)
    no_origin(origin);
  return origin;
}

}  // namespace

CrossOrigin::CrossOrigin(std::string_view list) {
  for (const std::string_view part : split_unquoted(list, ','))
    if (!part.empty()) origins_.push_back(origin_of(part));
}

bool CrossOrigin::knows(std::string_view origin) const {
  return std::ranges::any_of(origins_,
                             [&](const std::string& one) { return equal_ignoring_case(one, origin); });
}

std::optional<Response> CrossOrigin::preflight(const Request& request) const {
  if (request.method != Method::options || !request.headers.contains("Access-Control-Request-Method") ||
      !knows(request.headers.get("Origin")))
    return std::nullopt;
  Response response = Response::empty();
  response.headers.add("Access-Control-Allow-Methods", kMethods);
  response.headers.add("Access-Control-Allow-Headers", kRequestHeaders);
  response.headers.add("Access-Control-Max-Age", kRemembered);
  permit(request, response);
  return response;
}

void CrossOrigin::permit(const Request& request, Response& response) const {
  if (origins_.empty()) return;
  response.headers.add("Vary", "Origin");
  const std::string_view origin = request.headers.get("Origin");
  if (!knows(origin)) return;
  response.headers.add("Access-Control-Allow-Origin", origin);
  response.headers.add("Access-Control-Expose-Headers", kAnswerHeaders);
}

}  // namespace meridian::doors::http
