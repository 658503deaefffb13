// A WebSocket (RFC 6455) to another program, one call after another. Certificates are verified.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network/url.h"

namespace meridian::network {

class WebSocketClient {
 public:
  // url: http or https. Throws unavailable when nobody answers there or no WebSocket is given, and what
  // tls_context throws.
  WebSocketClient(const Url& url, const std::vector<std::pair<std::string, std::string>>& headers,
                  const std::filesystem::path& authorities);
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  // Throws unavailable when the line is broken.
  void send(const std::string& text);
  // Waits for the next text. Empty: the other has closed.
  std::string receive();

  class Line;

 private:
  std::unique_ptr<Line> line_;
};

}  // namespace meridian::network
