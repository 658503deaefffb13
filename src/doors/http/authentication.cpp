#include "doors/http/authentication.h"

#include <openssl/crypto.h>

#include "base/error.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view bearer_token(const Headers& headers) {
  const std::string_view value = headers.get("Authorization");
  if (value.size() <= kBearer.size() || !equal_ignoring_case(value.substr(0, kBearer.size()), kBearer))
    return {};
  return trimmed(value.substr(kBearer.size()));
}

bool changes(Method method) {
  return method != Method::get && method != Method::head && method != Method::options;
}

}  // namespace

std::string_view cookie(const Headers& headers, std::string_view name) {
  for (const std::string_view pair : split_unquoted(headers.get("Cookie"), ';')) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

std::string session_token(const Headers& headers) {
  const std::string_view bearer = bearer_token(headers);
  return std::string(bearer.empty() ? cookie(headers, kSessionCookie) : bearer);
}

void authenticate(trust::Identity& identity, Request& request) {
  const std::string token = session_token(request.headers);
  if (token.empty()) return;
  request.session = identity.session(token);
  const bool by_cookie = bearer_token(request.headers).empty();
  if (by_cookie && changes(request.method) &&
      !equal_in_constant_time(request.headers.get("X-CSRF-Token"), request.session->csrf))
    throw Error(ErrorCode::forbidden, "The header X-CSRF-Token is missing or wrong", "X-CSRF-Token",
                "Send the csrf value that signing in and /auth/me give");
}

}  // namespace meridian::doors::http
