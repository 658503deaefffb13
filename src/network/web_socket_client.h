// A WebSocket (RFC 6455) to another program. Certificates are verified, and no call waits for ever.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network/url.h"

namespace meridian::network {

class WebSocketClient {
 public:
  // url: http or https. deadline: of this and of each call. Throws unavailable when nobody answers there or
  // no WebSocket is given, timed_out, and what tls_context throws.
  WebSocketClient(const Url& url, const std::vector<std::pair<std::string, std::string>>& headers,
                  const std::filesystem::path& authorities,
                  std::chrono::milliseconds deadline = std::chrono::seconds(10));
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  // Throws unavailable when the line is broken, or the other has not even answered pings for 20 s, timed_out
  // when it takes nothing.
  void send(const std::string& text);
  // Waits for the next text. Empty: the other has closed. Throws timed_out.
  std::string receive();
  // The next text if it is there already; else empty.
  std::string receive_now();
  // Why the other has closed, in its words; empty when it said nothing.
  std::string why_closed() const;

  class Line;

 private:
  std::unique_ptr<Line> line_;
};

}  // namespace meridian::network
