// Who is behind a request.
#pragma once
#include <string>
#include <string_view>

#include "doors/http/message.h"
#include "trust/identity.h"

namespace meridian::doors::http {

inline constexpr std::string_view kSessionCookie = "meridian_session";

std::string_view cookie(const Headers& headers, std::string_view name);
// Of "Authorization: Bearer TOKEN", else of the cookie; empty when there is neither.
std::string session_token(const Headers& headers);

// Fills in the request's session when it bears a token. Throws unauthenticated for a token that is not, or no
// longer, good, and forbidden for a change borne by the cookie without its X-CSRF-Token.
void authenticate(trust::Identity& identity, Request& request);

}  // namespace meridian::doors::http
