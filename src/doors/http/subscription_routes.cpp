// The WebSocket over which subscribers are told.
#include "base/error.h"
#include "doors/http/authentication.h"
#include "doors/http/routes.h"
#include "doors/http/subscription_socket.h"
#include "doors/http/web_socket.h"

namespace meridian::doors::http {
namespace {

// A browser sends cookies for any page that opens a WebSocket: only what a page cannot add is taken.
std::optional<trust::Principal> signed_in(trust::Identity& identity, Request& request) {
  if (!request.headers.contains("Authorization")) return {};
  authenticate(identity, request);
  return request.principal();
}

Response open(const Services& services, Request& request) {
  return web_socket_response(
      request, [&record = services.record, &identity = services.identity,
                principal = signed_in(services.identity, request)](const std::shared_ptr<WebSocket>& socket) {
        const auto talk = std::make_shared<SubscriptionSocket>(record, identity, principal, socket);
        socket->on_text([talk](const std::string& text) { talk->hear(text); });
      });
}

}  // namespace

void add_subscription_routes(Router& router, const Services& services) {
  router.add(Method::get, "/fhir/websocket", Permission::everyone(),
             [services](Request& request) { return open(services, request); });
}

}  // namespace meridian::doors::http
