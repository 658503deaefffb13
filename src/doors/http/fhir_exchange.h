// What FHIR's REST API (R4, http.html) says of headers, apart from what the interactions do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "doors/http/message.h"
#include "record/record.h"

namespace meridian::doors::http {

// The patch in the body: application/json-patch+json, application/xml-patch+xml, or a FHIRPath Patch as
// FHIR's Parameters. Throws unsupported_media_type, and what Json::parse throws.
Json patch_of(Request& request);
// The search in the address of a conditional interaction. Throws invalid_request when there is none.
record::Parameters condition_of(const Request& request);
// If-Match and If-None-Match of a write. Throws invalid_request.
record::Precondition precondition(const Request& request);
// What Prefer wants back of each entry of a Bundle.
record::Returned returned(const Request& request);
// Those of the address and of a form in the body, without what is about the format; with "handling" as Prefer
// says it.
record::Parameters search_parameters(Request& request);
// Those of the address, without what is about the format.
record::Parameters operation_parameters(const Request& request);

// Thu, 01 Jan 1970 00:00:00 GMT.
std::string http_date(Instant time);
// Nothing for what is no such date.
std::optional<Instant> parse_http_date(std::string_view text);

Response bundle(std::string json);
// Whether the client asks to be answered later: Prefer: respond-async.
bool asks_for_later(const Request& request);
// The request's address, as others see it.
std::string url_of(const Request& request, const record::Record& record);
// 202 with where the answer will be (bulk_routes.cpp).
Response accepted(const record::Record& record, const std::string& job);
std::string address_of_job(const record::Record& record, const std::string& job);
// A resource's version with its ETag and Last-Modified; 304 when If-None-Match names it, or, without that
// header, when it is not newer than If-Modified-Since.
Response version_response(const Request& request, record::Version version);
// The answer to create, update and patch: with Location, and 201 when the resource is new. Prefer says
// whether the body is the resource, an OperationOutcome or nothing (FHIR R4, 3.1.0.1.4).
Response write_response(const Request& request, record::Version version);
// The answer to delete: of nothing when there was nothing to delete.
Response removal_response(const Request& request, const std::optional<record::Version>& version);

}  // namespace meridian::doors::http
