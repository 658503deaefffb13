// The server's side of the WebSocket protocol (RFC 6455), for clients that only listen.
#pragma once
#include <string>
#include <string_view>

#include "doors/http/message.h"

namespace meridian::doors::http {

// 101 with what the client's handshake is answered by; events are to be set. Throws invalid_request when the
// request is no handshake of version 13, forbidden when a page of another site asks.
Response websocket_response(const Request& request);

enum class WebsocketOpcode : unsigned char { text = 1, close = 8, ping = 9, pong = 10 };
// An unmasked frame, as a server sends it.
std::string websocket_frame(WebsocketOpcode opcode, std::string_view payload);

// What clients send while they listen: pings and the close. Messages of theirs are passed over.
class WebsocketInput {
 public:
  // What must be sent for these bytes.
  std::string take(std::string_view bytes);
  // The client has closed, or sends what is no frame of a client's, or more at once than is taken.
  bool ended() const { return ended_; }

 private:
  // Its size; 0: it is not complete yet.
  std::size_t take_frame(std::string& answer);

  std::string unread_;
  bool ended_ = false;
};

}  // namespace meridian::doors::http
