// Parts of an answer (RFC 9110, 14).
#pragma once
#include "doors/http/message.h"

namespace meridian::doors::http {

// The answer, or the part of it that the request's Range names: 206 with Content-Range, 416 when there are no
// such bytes. One range of bytes is understood; what else is asked for is answered whole, as the RFC allows.
Response with_range(const Request& request, Response whole);

}  // namespace meridian::doors::http
