#include "doors/http/fhir_exchange.h"

#include <ctime>

#include "base/error.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/target.h"
#include "doors/http/text.h"
#include "record/bundle/bundle_response.h"
#include "record/bundle/version_tag.h"
#include "record/patch/patch.h"

namespace meridian::doors::http {
namespace {

// The value of a preference: minimal, of "return=minimal". Empty when there is none.
std::string preference(const Request& request, std::string_view name) {
  for (const std::string_view list : split_unquoted(request.headers.get("Prefer"), ','))
    for (const std::string_view one : split_unquoted(list, ';')) {
      const auto equals = one.find('=');
      if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(one.substr(0, equals)), name))
        continue;
      std::string value = lower_case(trimmed(one.substr(equals + 1)));
      std::erase(value, '"');
      return value;
    }
  return {};
}

bool is_known_to_client(const Request& request, const record::Version& version) {
  const std::string_view tags = request.headers.get("If-None-Match");
  if (!tags.empty()) return record::names_version(tags, version.number);
  const auto since = parse_http_date(trimmed(request.headers.get("If-Modified-Since")));
  return since && std::chrono::floor<std::chrono::seconds>(version.last_updated) <= *since;
}

Response versioned(const record::Version& version) {
  Response response;
  response.headers.add("ETag", record::version_tag(version.number));
  response.headers.add("Last-Modified", http_date(version.last_updated));
  return response;
}

}  // namespace

Json patch_of(Request& request) {
  const std::string type = MediaType::parse(request.headers.get("Content-Type")).name;
  if (type == record::kXmlPatchType) return request.body.take();
  Json patch = resource_of(request);
  if ((type == record::kJsonPatchType) == patch.is_array()) return patch;
  throw Error(ErrorCode::unsupported_media_type, "The patch is not of the type \"" + type + "\"",
              "Content-Type",
              std::string("Send an array as ") + record::kJsonPatchType + ", XML Patch as " +
                  record::kXmlPatchType + ", Parameters as application/fhir+json");
}

record::Parameters condition_of(const Request& request) {
  record::Parameters condition = operation_parameters(request);
  if (!condition.empty()) return condition;
  throw Error(ErrorCode::invalid_request, "The address names no resource and no condition",
              request.target.substr(0, 200), "Add an id, or a search such as ?identifier=SYSTEM|VALUE");
}

record::Precondition precondition(const Request& request) {
  return record::Precondition::of_headers(request.headers.get("If-Match"),
                                          request.headers.get("If-None-Match"));
}

record::Returned returned(const Request& request) {
  const std::string wanted = preference(request, "return");
  if (wanted == "representation") return record::Returned::representation;
  return wanted == "operationoutcome" ? record::Returned::outcome : record::Returned::minimal;
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
    return is_about_format(parameter.first) || parameter.first == "handling";
  });
  if (std::string handling = preference(request, "handling"); !handling.empty())
    parameters.emplace_back("handling", std::move(handling));
  return parameters;
}

record::Parameters operation_parameters(const Request& request) {
  record::Parameters parameters = request.query;
  std::erase_if(parameters, [](const auto& parameter) { return is_about_format(parameter.first); });
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

std::optional<Instant> parse_http_date(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end || *end != '\0') return std::nullopt;
  return Instant(std::chrono::seconds(::timegm(&parts)));
}

Response bundle(std::string json) {
  return Response::text(std::move(json), std::string(kFhirJson));
}

// Alone or among others.
bool asks_for_later(const Request& request) {
  for (const std::string_view list : split_unquoted(request.headers.get("Prefer"), ','))
    for (const std::string_view one : split_unquoted(list, ';'))
      if (equal_ignoring_case(trimmed(one), "respond-async")) return true;
  return false;
}

std::string url_of(const Request& request, const record::Record& record) {
  constexpr std::string_view kRoot = "/fhir";
  return record.options().base_url + request.target.substr(kRoot.size());
}

std::string address_of_job(const record::Record& record, const std::string& job) {
  return record.options().base_url + "/$bulk/" + job;
}

Response accepted(const record::Record& record, const std::string& job) {
  Response response = Response::empty(202);
  response.headers.add("Content-Location", address_of_job(record, job));
  return response;
}

Response version_response(const Request& request, record::Version version) {
  Response response = versioned(version);
  if (is_known_to_client(request, version)) {
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
  const std::string wanted = preference(request, "return");
  if (wanted == "minimal") return response;
  response.media_type = kFhirJson;
  response.body =
      wanted == "operationoutcome" ? record::outcome_of_success(version).dump() : std::move(version.body);
  return response;
}

Response removal_response(const Request& request, const std::optional<record::Version>& version) {
  if (!version) return Response::empty(204);
  Response response = Response::empty(204);
  if (preference(request, "return") == "operationoutcome")
    response = bundle(record::outcome_of_success(*version).dump());
  response.headers.add("ETag", record::version_tag(version->number));
  return response;
}

}  // namespace meridian::doors::http
