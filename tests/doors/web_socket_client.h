// A WebSocket of a client, as Beast makes it.
#pragma once
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <string>

namespace meridian::doors::http {

class WebSocketClient {
 public:
  WebSocketClient(int port, const std::string& path, const std::string& token = {}) {
    socket_.next_layer().connect(
        {boost::asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)});
    socket_.set_option(boost::beast::websocket::stream_base::decorator(
        [token](boost::beast::websocket::request_type& request) {
          if (!token.empty()) request.set("Authorization", "Bearer " + token);
        }));
    socket_.handshake("test", path);
  }
  void say(const std::string& text) { socket_.write(boost::asio::buffer(text)); }
  // Empty once the node has closed.
  std::string hear() {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    socket_.read(buffer, error);
    return error ? std::string() : boost::beast::buffers_to_string(buffer.data());
  }
  // In the node's words.
  std::string why_closed() const {
    const auto& why = socket_.reason().reason;
    return {why.data(), why.size()};
  }

 private:
  boost::asio::io_context context_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket_{context_};
};

}  // namespace meridian::doors::http
