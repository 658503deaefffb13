// What FHIR's REST API (R4, http.html) says of headers and formats, apart from what the interactions do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "doors/http/message.h"
#include "record/record.h"

namespace meridian::doors::http {

inline constexpr std::string_view kFhirJson = "application/fhir+json; charset=utf-8";

// Throws not_acceptable when the client asks, by _format or Accept, for something other than JSON.
void require_json_accepted(const Request& request);
// The body as a resource. Throws unsupported_media_type unless it is said to be JSON, and what Json::parse
// throws.
Json resource_of(Request& request);
// The version of If-Match: W/"3" or "3". Throws invalid_request.
std::optional<std::int64_t> if_match(const Request& request);
bool prefers_minimal(const Request& request);
// Without _format, which is for this door.
record::Parameters search_parameters(Request& request);

// Thu, 01 Jan 1970 00:00:00 GMT.
std::string http_date(Instant time);
// "W/"3"".
std::string entity_tag(std::int64_t version);

Response bundle(std::string json);
// A resource's version with its ETag and Last-Modified; 304 when If-None-Match names it.
Response version_response(const Request& request, record::Version version);
// The answer to create and update, as Prefer asks: with Location, and 201 when the resource is new.
Response write_response(const Request& request, record::Version version);

}  // namespace meridian::doors::http
