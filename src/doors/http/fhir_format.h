// How FHIR resources come and go: JSON or XML, in lines or not (FHIR R4, 3.1.0.1.11).
#pragma once
#include <string_view>

#include "doors/http/router.h"
#include "record/bundle/subset.h"

namespace meridian::doors::http {

inline constexpr std::string_view kFhirJson = "application/fhir+json; charset=utf-8";
inline constexpr std::string_view kFhirXml = "application/fhir+xml; charset=utf-8";

// Whether a media type, or a short name of it, means FHIR's JSON or XML.
bool is_json_name(std::string_view name);
bool is_xml_name(std::string_view name);

struct FhirFormat {
  bool xml = false, pretty = false;
};

// By _format or Accept, and _pretty. Throws not_acceptable when the client asks for something else.
FhirFormat requested_format(const Request& request);
// The answer in that format; what is no FHIR resource as it is.
Response formatted(Response response, const FhirFormat& format);

// A handler whose answers, also what it throws, come in the format that the client asks for.
Handler in_format(Handler handler);

// The body as a resource, by Content-Type. Throws unsupported_media_type, and what Json::parse and read_xml
// throw.
Json resource_of(Request& request);
// _summary and _elements of a read. Throws invalid_request.
record::Subset subset_asked_for(const Request& request);

// True for the parameters that are understood here, not by the record.
bool is_about_format(std::string_view parameter);

}  // namespace meridian::doors::http
