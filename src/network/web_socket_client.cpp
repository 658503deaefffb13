#include "network/web_socket_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "base/error.h"
#include "network/tls_context.h"

namespace meridian::network {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

}  // namespace

class WebSocketClient::Line {
 public:
  virtual ~Line() = default;
  virtual void write(const std::string& text, error_code& error) = 0;
  virtual std::string read(error_code& error) = 0;
};

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] void fail(const Url& url, const std::string& what, const error_code& error) {
  throw Error(ErrorCode::unavailable, url.authority() + ": " + what + ": " + error.message());
}

tcp::socket connect(asio::io_context& context, const Url& url) {
  tcp::resolver resolver(context);
  tcp::socket socket(context);
  error_code error;
  const auto found = resolver.resolve(url.host, url.port, error);
  if (!error) asio::connect(socket, found, error);
  if (error) fail(url, "connecting", error);
  socket.set_option(tcp::no_delay(true), error);
  return socket;
}

template <class Stream>
class LineOver final : public WebSocketClient::Line {
 public:
  template <class... Arguments>
  explicit LineOver(Arguments&&... arguments) : socket_(std::forward<Arguments>(arguments)...) {}

  websocket::stream<Stream>& socket() { return socket_; }

  void agree(const Url& url, const Headers& headers) {
    socket_.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
      for (const auto& [name, value] : headers) request.insert(name, value);
    }));
    error_code error;
    websocket::response_type answer;
    socket_.handshake(answer, url.authority(), url.target, error);
    if (error == websocket::error::upgrade_declined)
      throw Error(ErrorCode::unavailable,
                  url.authority() + url.target + " answered " + std::to_string(answer.result_int()) +
                      " instead of a WebSocket",
                  {}, "Check the case and who signs in");
    if (error) fail(url, "agreeing on a WebSocket", error);
  }
  void write(const std::string& text, error_code& error) override {
    socket_.write(asio::buffer(text), error);
  }
  std::string read(error_code& error) override {
    boost::beast::flat_buffer buffer;
    socket_.read(buffer, error);
    return error ? std::string() : boost::beast::buffers_to_string(buffer.data());
  }

 private:
  websocket::stream<Stream> socket_;
};

class PlainLine final : public WebSocketClient::Line {
 public:
  PlainLine(const Url& url, const Headers& headers) : line_(connect(context_, url)) {
    line_.agree(url, headers);
  }
  void write(const std::string& text, error_code& error) override { line_.write(text, error); }
  std::string read(error_code& error) override { return line_.read(error); }

 private:
  asio::io_context context_;
  LineOver<tcp::socket> line_;
};

class SecuredLine final : public WebSocketClient::Line {
 public:
  SecuredLine(const Url& url, const Headers& headers, const std::filesystem::path& authorities)
      : tls_(tls_context(authorities)), line_(connect(context_, url), tls_) {
    auto& stream = line_.socket().next_layer();
    SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
    stream.set_verify_callback(asio::ssl::rfc2818_verification(url.host));
    error_code error;
    stream.handshake(asio::ssl::stream_base::client, error);
    if (error) fail(url, "agreeing on TLS", error);
    line_.agree(url, headers);
  }
  void write(const std::string& text, error_code& error) override { line_.write(text, error); }
  std::string read(error_code& error) override { return line_.read(error); }

 private:
  asio::io_context context_;
  asio::ssl::context tls_;
  LineOver<asio::ssl::stream<tcp::socket>> line_;
};

std::unique_ptr<WebSocketClient::Line> open(const Url& url, const Headers& headers,
                                            const std::filesystem::path& authorities) {
  if (url.tls) return std::make_unique<SecuredLine>(url, headers, authorities);
  return std::make_unique<PlainLine>(url, headers);
}

}  // namespace

WebSocketClient::WebSocketClient(const Url& url, const Headers& headers,
                                 const std::filesystem::path& authorities)
    : line_(open(url, headers, authorities)) {}

WebSocketClient::~WebSocketClient() = default;

void WebSocketClient::send(const std::string& text) {
  error_code error;
  line_->write(text, error);
  if (error) throw Error(ErrorCode::unavailable, "The line is broken: " + error.message());
}

std::string WebSocketClient::receive() {
  error_code error;
  return line_->read(error);
}

}  // namespace meridian::network
