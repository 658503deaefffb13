#include "doors/http/fhir_exchange.h"

#include <charconv>
#include <ctime>

#include "base/error.h"
#include "doors/http/media_type.h"
#include "doors/http/target.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

bool is_json_format(std::string_view format) {
  const std::string name = MediaType::parse(format).name;
  return name == "json" || name == "application/json" || name == "application/fhir+json" ||
         name == "application/fhir json" || name == "text/json";  // an unescaped "+" is a space
}

// Says whether Prefer has the preference: "return=minimal".
bool prefers(const Request& request, std::string_view preference) {
  for (const std::string_view list : split_unquoted(request.headers.get("Prefer"), ','))
    for (const std::string_view one : split_unquoted(list, ';'))
      if (equal_ignoring_case(one, preference)) return true;
  return false;
}

Response versioned(const record::Version& version) {
  Response response;
  response.headers.add("ETag", entity_tag(version.number));
  response.headers.add("Last-Modified", http_date(version.last_updated));
  return response;
}

}  // namespace

void require_json_accepted(const Request& request) {
  const std::string format = request.parameter("_format");
  if (!format.empty()) {
    if (is_json_format(format)) return;
    throw Error(ErrorCode::not_acceptable, "The format \"" + format + "\" is not given", "_format",
                "Ask for json");
  }
  const std::string_view accept = request.headers.get("Accept");
  if (acceptance(accept, "application/fhir+json") > 0 || acceptance(accept, "application/json") > 0) return;
  throw Error(ErrorCode::not_acceptable, "Only application/fhir+json is given", "Accept",
              "Accept application/fhir+json");
}

Json resource_of(Request& request) {
  return request.json();
}

std::optional<std::int64_t> if_match(const Request& request) {
  std::string_view value = trimmed(request.headers.get("If-Match"));
  if (value.empty()) return std::nullopt;
  if (value.starts_with("W/")) value.remove_prefix(2);
  std::int64_t version = 0;
  const bool quoted = value.size() > 2 && value.front() == '"' && value.back() == '"';
  if (quoted) value = value.substr(1, value.size() - 2);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), version);
  if (!quoted || error != std::errc() || end != value.data() + value.size())
    throw Error(ErrorCode::invalid_request, "If-Match must be a version: W/\"3\"", "If-Match");
  return version;
}

bool prefers_minimal(const Request& request) {
  return prefers(request, "return=minimal");
}

record::Parameters search_parameters(Request& request) {
  record::Parameters parameters = std::move(request.query);
  if (request.method == Method::post) {
    const MediaType type = MediaType::parse(request.headers.get("Content-Type"));
    if (request.body.size() > 0 && type.name != "application/x-www-form-urlencoded")
      throw Error(ErrorCode::unsupported_media_type, "The body of a search is a form", "Content-Type",
                  "Send application/x-www-form-urlencoded");
    for (auto& parameter : parse_form(request.body.take())) parameters.push_back(std::move(parameter));
  }
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "_format" || parameter.first == "_pretty";
  });
  return parameters;
}

std::string http_date(Instant time) {
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

std::string entity_tag(std::int64_t version) {
  return "W/\"" + std::to_string(version) + "\"";
}

Response bundle(std::string json) {
  return Response::text(std::move(json), std::string(kFhirJson));
}

Response version_response(const Request& request, record::Version version) {
  Response response = versioned(version);
  const std::string_view known = request.headers.get("If-None-Match");
  if (!known.empty() && known == entity_tag(version.number)) {
    response.status = 304;
    return response;
  }
  response.media_type = kFhirJson;
  response.body = std::move(version.body);
  return response;
}

Response write_response(const Request& request, record::Version version) {
  Response response = versioned(version);
  response.status = version.created ? 201 : 200;
  response.headers.add("Location",
                       "/fhir/" + version.reference() + "/_history/" + std::to_string(version.number));
  if (prefers_minimal(request)) return response;
  response.media_type = kFhirJson;
  response.body = std::move(version.body);
  return response;
}

}  // namespace meridian::doors::http
