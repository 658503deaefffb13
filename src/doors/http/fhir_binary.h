// A Binary as the content that it holds, not as a resource (FHIR R4, binary.html).
#pragma once
#include "doors/http/message.h"
#include "record/record.h"

namespace meridian::doors::http {

// The content, as nothing that a browser would run, or the resource: the address decides (_format, _summary,
// _elements), then which the header Accept likes better. Throws not_acceptable.
Response binary_response(const Request& request, record::Version version);
// The body, which is the content unless it is a Binary in one of FHIR's formats; X-Security-Context is its
// securityContext. id: of the address, or empty. Throws unsupported_media_type when it has no type.
Json binary_of(Request& request, const std::string& id);

}  // namespace meridian::doors::http
