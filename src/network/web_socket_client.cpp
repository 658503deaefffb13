#include "network/web_socket_client.h"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>

#include "base/error.h"
#include "network/steps.h"
#include "network/tls_context.h"

namespace meridian::network {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;
// Of the other, pinged meanwhile: then the line is broken, though nobody said so.
constexpr std::chrono::seconds kSilence{20};

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

class WebSocketClient::Line {
 public:
  virtual ~Line() = default;
  virtual void write(const std::string& text) = 0;
  virtual std::string read(bool wait) = 0;
  virtual std::string why_closed() const = 0;
};

namespace {

// Reads all the time that it runs, so that pings are answered.
template <class Stream>
class LineOver : public WebSocketClient::Line {
 public:
  template <class... Arguments>
  LineOver(const Url& url, std::chrono::milliseconds deadline, Arguments&... arguments)
      : deadline_(deadline), steps_(url, deadline), socket_(steps_.context(), arguments...) {
    const tcp::resolver::results_type found = resolve(steps_);
    steps_.run(
        "connecting", [&](auto handler) { asio::async_connect(lowest(), found, handler); },
        [this] { give_up(lowest()); });
    error_code ignored;
    lowest().set_option(tcp::no_delay(true), ignored);
  }

  void write(const std::string& text) override {
    if (closed_) throw Error(ErrorCode::unavailable, "The line is broken");
    steps_.allow(deadline_);
    const error_code error = steps_.attempt(
        "sending", [&](auto handler) { socket_.async_write(asio::buffer(text), handler); },
        [this] { give_up(lowest()); });
    if (error) throw Error(ErrorCode::unavailable, "The line is broken: " + error.message());
  }

  std::string read(bool wait) override {
    steps_.allow(wait ? deadline_ : std::chrono::milliseconds(0));
    const bool come = steps_.wait([this] { return closed_ || !texts_.empty(); });
    if (!come && wait)
      throw Error(ErrorCode::timed_out, steps_.url().authority() + " did not answer in time");
    if (texts_.empty()) return {};
    std::string text = std::move(texts_.front());
    texts_.pop_front();
    return text;
  }

  std::string why_closed() const override {
    const auto& why = socket_.reason().reason;
    return {why.data(), why.size()};
  }

 protected:
  Steps& steps() { return steps_; }
  websocket::stream<Stream>& socket() { return socket_; }
  tcp::socket& lowest() { return boost::beast::get_lowest_layer(socket_); }

  void agree(const Headers& headers) {
    socket_.set_option(websocket::stream_base::timeout{deadline_, kSilence, true});
    socket_.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
      for (const auto& [name, value] : headers) request.insert(name, value);
    }));
    websocket::response_type answer;
    const Url& url = steps_.url();
    const error_code error = steps_.attempt(
        "agreeing on a WebSocket",
        [&](auto handler) { socket_.async_handshake(answer, url.authority(), url.target, handler); },
        [this] { give_up(lowest()); });
    if (error == websocket::error::upgrade_declined)
      throw Error(ErrorCode::unavailable,
                  url.authority() + url.target + " answered " + std::to_string(answer.result_int()) +
                      " instead of a WebSocket",
                  {}, "Check the case and who signs in");
    if (error)
      throw Error(ErrorCode::unavailable, url.authority() + ": agreeing on a WebSocket: " + error.message());
    go_on_reading();
  }

 private:
  void go_on_reading() {
    socket_.async_read(buffer_, [this](error_code error, std::size_t) {
      closed_ = error.failed();
      if (closed_) return;
      texts_.push_back(boost::beast::buffers_to_string(buffer_.data()));
      buffer_.clear();
      go_on_reading();
    });
  }

  const std::chrono::milliseconds deadline_;
  Steps steps_;
  websocket::stream<Stream> socket_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> texts_;
  bool closed_ = false;
};

class PlainLine final : public LineOver<tcp::socket> {
 public:
  PlainLine(const Url& url, const Headers& headers, std::chrono::milliseconds deadline)
      : LineOver(url, deadline) {
    agree(headers);
  }
};

// Made before the line over it.
struct Trust {
  explicit Trust(const std::filesystem::path& authorities) : tls(tls_context(authorities)) {}
  asio::ssl::context tls;
};

class SecuredLine final : private Trust, public LineOver<asio::ssl::stream<tcp::socket>> {
 public:
  SecuredLine(const Url& url, const Headers& headers, const std::filesystem::path& authorities,
              std::chrono::milliseconds deadline)
      : Trust(authorities), LineOver(url, deadline, tls) {
    auto& stream = socket().next_layer();
    SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
    stream.set_verify_callback(asio::ssl::rfc2818_verification(url.host));
    steps().run(
        "agreeing on TLS",
        [&](auto handler) { stream.async_handshake(asio::ssl::stream_base::client, handler); },
        [this] { give_up(lowest()); });
    agree(headers);
  }
};

std::unique_ptr<WebSocketClient::Line> open(const Url& url, const Headers& headers,
                                            const std::filesystem::path& authorities,
                                            std::chrono::milliseconds deadline) {
  if (url.tls) return std::make_unique<SecuredLine>(url, headers, authorities, deadline);
  return std::make_unique<PlainLine>(url, headers, deadline);
}

}  // namespace

WebSocketClient::WebSocketClient(const Url& url, const Headers& headers,
                                 const std::filesystem::path& authorities, std::chrono::milliseconds deadline)
    : line_(open(url, headers, authorities, deadline)) {}

WebSocketClient::~WebSocketClient() = default;

void WebSocketClient::send(const std::string& text) {
  line_->write(text);
}

std::string WebSocketClient::receive() {
  return line_->read(true);
}

std::string WebSocketClient::receive_now() {
  return line_->read(false);
}

std::string WebSocketClient::why_closed() const {
  return line_->why_closed();
}

}  // namespace meridian::network
