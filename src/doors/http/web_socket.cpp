#include "doors/http/web_socket.h"

#include "base/error.h"

namespace meridian::doors::http {

Response web_socket_response(const Request& request,
                             std::function<void(const std::shared_ptr<WebSocket>&)> begin) {
  if (!equal_ignoring_case(request.headers.get("Upgrade"), "websocket"))
    throw Error(ErrorCode::invalid_request, "This address is a WebSocket", "Upgrade",
                "Connect by ws:// or wss://");
  Response response;
  response.status = 101;
  response.web_socket = std::move(begin);
  return response;
}

void require_own_page(const Request& request) {
  const std::string_view origin = request.headers.get("Origin");
  const auto scheme = origin.find("://");
  if (origin.empty() || (scheme != std::string_view::npos &&
                         equal_ignoring_case(origin.substr(scheme + 3), request.headers.get("Host"))))
    return;
  throw Error(ErrorCode::forbidden, "A page of another site asks for this", "Origin");
}

}  // namespace meridian::doors::http
