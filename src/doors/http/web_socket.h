// A connection that became a WebSocket (RFC 6455), as handlers see it. Safe from any thread.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "doors/http/message.h"

namespace meridian::doors::http {

class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // False once the client is gone.
  virtual bool send(std::string text) = 0;
  // When all before it is sent.
  virtual void close() = 0;
  // On a worker, for each text that comes, one after another. To be set before the first may come: by who is
  // given the socket.
  virtual void on_text(std::function<void(const std::string&)> call) = 0;
  // On a worker, every half second at most; again only when it has returned.
  virtual void on_tick(std::function<void()> call) = 0;
  // On a worker, soon.
  virtual void later(std::function<void()> task) = 0;
  // The session that the connection ends with; empty: none. At first that of who opened it.
  virtual void belong_to(std::string token) = 0;
  // Lives until the connection ends: what is listened to.
  virtual void keep(std::shared_ptr<void> what) = 0;
};

// Has the connection become a WebSocket; begin is called on a worker then. Throws invalid_request when the
// client asks for none.
Response web_socket_response(const Request& request,
                             std::function<void(const std::shared_ptr<WebSocket>&)> begin);
// Throws forbidden when a page of another site asks: a browser sends it the cookies of who is signed in here.
void require_own_page(const Request& request);

}  // namespace meridian::doors::http
