#include "doors/http/fhir_format.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "doors/http/media_type.h"
#include "doors/http/outcome.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

// An unescaped "+" arrives as a blank.
constexpr std::array<std::string_view, 5> kJsonNames{"json", "application/json", "application/fhir+json",
                                                     "application/fhir json", "text/json"};
constexpr std::array<std::string_view, 5> kXmlNames{"xml", "application/xml", "application/fhir+xml",
                                                    "application/fhir xml", "text/xml"};
constexpr std::array<std::string_view, 6> kOffers{"application/fhir+json", "application/json", "text/json",
                                                  "application/fhir+xml",  "application/xml",  "text/xml"};

template <std::size_t N>
bool is_among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

bool asks_for_xml(const Request& request) {
  const std::string format = request.parameter("_format");
  const std::string_view accept = request.headers.get("Accept");
  const std::string name =
      format.empty() ? std::string(preferred(accept, kOffers)) : MediaType::parse(format).name;
  if (is_json_name(name)) return false;
  if (is_xml_name(name)) return true;
  throw Error(
      ErrorCode::not_acceptable,
      "The format \"" + (format.empty() ? std::string(accept) : format).substr(0, 80) + "\" is not given",
      format.empty() ? "Accept" : "_format", "Ask for application/fhir+json or application/fhir+xml");
}

bool asks_for_lines(const Request& request) {
  const std::string pretty = request.parameter("_pretty", "false");
  if (pretty == "true" || pretty == "false") return pretty == "true";
  throw Error(ErrorCode::invalid_request, "_pretty is true or false", "_pretty");
}

}  // namespace

bool is_json_name(std::string_view name) {
  return is_among(name, kJsonNames);
}

bool is_xml_name(std::string_view name) {
  return is_among(name, kXmlNames);
}

FhirFormat requested_format(const Request& request) {
  return {asks_for_xml(request), asks_for_lines(request)};
}

Response formatted(Response response, const FhirFormat& format) {
  if (response.media_type != kFhirJson || (!format.xml && !format.pretty)) return response;
  const Json resource = Json::parse(response.body);
  response.body = format.xml ? record::write_xml(resource, format.pretty) : resource.dump_pretty();
  if (format.xml) response.media_type = kFhirXml;
  return response;
}

Handler in_format(Handler handler) {
  return [handler = std::move(handler)](Request& request) {
    const FhirFormat format = requested_format(request);
    try {
      return formatted(handler(request), format);
    } catch (const Error& error) {
      if (traits(error.code()).http_status >= 500) throw;  // to be logged
      return formatted(error_response(error), format);
    }
  };
}

Json resource_of(Request& request) {
  const MediaType type = MediaType::parse(request.headers.get("Content-Type"));
  if (is_xml_name(type.name)) return record::read_xml(request.body.take());
  return request.json();
}

record::Subset subset_asked_for(const Request& request) {
  record::Subset subset;
  if (const std::string summary = request.parameter("_summary"); !summary.empty())
    subset.summary = record::parse_summary(summary);
  if (const std::string elements = request.parameter("_elements"); !elements.empty())
    subset.elements = record::parse_elements(elements);
  if (subset.summary == record::Summary::count)
    throw Error(ErrorCode::invalid_request, "One resource is not counted", "_summary",
                "Ask for true, false, text or data");
  return subset;
}

bool is_about_format(std::string_view parameter) {
  return parameter == "_format" || parameter == "_pretty";
}

}  // namespace meridian::doors::http
