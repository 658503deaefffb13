#include "doors/http/fhir_binary.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/response_head.h"
#include "doors/http/text.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

constexpr const char* kSecurityContext = "X-Security-Context";
constexpr const char* kUnknownType = "application/octet-stream";
// Whoever wrote it, a browser that opens it has the rights of its reader: nothing of it may run.
constexpr const char* kSandbox =
    "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'self'; sandbox";
// What browsers show without running anything.
constexpr std::array<std::string_view, 6> kShown{"image/png",  "image/jpeg", "image/gif",
                                                 "image/webp", "image/bmp",  "text/plain"};
// Of these a script tag runs what it gets, also under the console's policy, which trusts this address.
constexpr std::array<std::string_view, 4> kScripts{"javascript", "ecmascript", "jscript", "livescript"};

bool is_fhir_type(std::string_view name) {
  return name == "application/fhir+json" || name == "application/fhir+xml";
}

bool is_about_resource(std::string_view parameter) {
  return parameter == "_format" || parameter == "_summary" || parameter == "_elements";
}

// What Accept gives to FHIR's types where it names them; ranges such as */* do not ask for them.
double weight_of_resource(std::string_view accept) {
  double weight = 0;
  for (const std::string_view part : split_unquoted(accept, ',')) {
    const MediaType range = MediaType::parse(part);
    if (is_fhir_type(range.name)) weight = std::max(weight, weight_of(range));
  }
  return weight;
}

bool wants_content(const Request& request, std::string_view content_type) {
  if (std::ranges::any_of(request.query,
                          [](const auto& parameter) { return is_about_resource(parameter.first); }))
    return false;
  const std::string_view accept = request.headers.get("Accept");
  return acceptance(accept, content_type) > weight_of_resource(accept);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$&^_.+-").find(c) != std::string_view::npos;
  });
}

bool is_media_type(std::string_view name) {
  const auto slash = name.find('/');
  return slash != std::string_view::npos && is_token(name.substr(0, slash)) &&
         is_token(name.substr(slash + 1));
}

bool is_script(std::string_view name) {
  return std::ranges::any_of(
      kScripts, [&](std::string_view script) { return name.find(script) != std::string_view::npos; });
}

bool is_shown(std::string_view name) {
  return std::ranges::find(kShown, name) != kShown.end() || name.starts_with("audio/") ||
         name.starts_with("video/");
}

std::string content_of(const Json& binary) {
  std::string data = binary.text("data");
  std::erase_if(data, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  return from_base64(data);
}

Response content_response(const Request& request, const Json& binary, record::Version version) {
  Response response = version_response(request, std::move(version));
  const std::string content_type = binary.text("contentType");
  const std::string name = MediaType::parse(content_type).name;
  response.headers.add(kContentPolicy, kSandbox);
  response.headers.add("Content-Disposition", is_shown(name) ? "inline" : "attachment");
  if (const std::string context = binary.text("securityContext.reference"); !context.empty())
    response.headers.add(kSecurityContext, context);
  if (response.status == 304) return response;
  response.media_type = is_media_type(name) && !is_script(name) ? content_type : kUnknownType;
  response.body = content_of(binary);
  return response;
}

// Nothing when it is content. What says that it is a resource must be one, to be told what is wrong with it.
std::optional<Json> sent_binary(const std::string& bytes, const std::string& type) {
  if (!is_json_name(type) && !is_xml_name(type)) return std::nullopt;
  try {
    Json resource = is_xml_name(type) ? record::read_xml(bytes) : Json::parse(bytes);
    if (resource.is_object() && resource.text("resourceType") == "Binary") return resource;
  } catch (const Error&) {
    if (is_fhir_type(type)) throw;
  }
  return std::nullopt;
}

}  // namespace

Response binary_response(const Request& request, record::Version version) {
  const Json binary = Json::parse(version.body);
  const std::string type = MediaType::parse(binary.text("contentType")).name;
  if (wants_content(request, type)) return content_response(request, binary, std::move(version));
  const FhirFormat format = requested_format(request);
  version.body = record::subset_of(version.body, subset_asked_for(request));
  return formatted(version_response(request, std::move(version)), format);
}

Json binary_of(Request& request, const std::string& id) {
  const std::string_view content_type = trimmed(request.headers.get("Content-Type"));
  if (content_type.empty())
    throw Error(ErrorCode::unsupported_media_type, "What the body is, is not said", "Content-Type");
  const std::string bytes = request.body.take();
  if (auto sent = sent_binary(bytes, MediaType::parse(content_type).name)) return std::move(*sent);
  Json binary = Json::object({{"resourceType", "Binary"}, {"contentType", content_type}});
  if (!id.empty()) binary["id"] = id;
  if (const std::string_view context = trimmed(request.headers.get(kSecurityContext)); !context.empty())
    binary["securityContext"]["reference"] = context;
  if (!bytes.empty()) binary["data"] = to_base64(bytes);
  return binary;
}

}  // namespace meridian::doors::http
