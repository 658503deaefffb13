#include "network/http_client.h"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <limits>

#include "base/error.h"
#include "network/steps.h"
#include "network/tls_context.h"

namespace meridian::network {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

[[noreturn]] void forbid(const Url& url, const std::string& why, const std::string& advice) {
  throw Error(ErrorCode::forbidden, url.authority() + " may not be called: " + why, {}, advice);
}

http::request<http::string_body> request_of(const HttpCall& call) {
  http::request<http::string_body> request;
  request.method_string(call.method);
  request.target(call.url.target);
  request.version(11);
  request.set(http::field::host, call.url.authority());
  request.set(http::field::user_agent, "Meridian");
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : call.headers) request.insert(name, value);
  if (!call.media_type.empty()) request.set(http::field::content_type, call.media_type);
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

}  // namespace

struct HttpClient::State {
  explicit State(const HttpClientOptions& given) : options(given), tls(tls_context(given.authorities)) {}

  // The first address of the host that may be called.
  tcp::endpoint resolve(Steps& steps, const Url& url) const {
    options.hosts.require(url);
    if (!url.tls && !options.plain)
      forbid(url, "http:// is not encrypted", "Give an https:// address, or set network.plain");
    const tcp::resolver::results_type found = network::resolve(steps);
    for (const auto& one : found)
      if (options.policy.allows(one.endpoint().address())) return one.endpoint();
    forbid(url, "its address is private", "The operator allows networks by network.allowed");
  }

  template <class Stream>
  HttpReply exchange(Steps& steps, const HttpCall& call, Stream& stream, tcp::socket& socket) const {
    const auto give_up = [&] { network::give_up(socket); };
    const http::request<http::string_body> request = request_of(call);
    steps.run(
        "sending", [&](auto handler) { http::async_write(stream, request, handler); }, give_up);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    // As long as only the head is read; Beast 1.74 takes boost::none for a limit that all is over.
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    // In one step Beast 1.74 forgets the limit where the body comes with the head.
    steps.run(
        "reading its answer", [&](auto handler) { http::async_read_header(stream, buffer, parser, handler); },
        give_up);
    HttpReply reply{static_cast<int>(parser.get().result_int())};
    reply.complete = parser.content_length_remaining().value_or(0) <= options.largest_answer;
    if (!reply.complete) return reply;
    parser.body_limit(options.largest_answer);
    try {
      steps.run(
          "reading its answer", [&](auto handler) { http::async_read(stream, buffer, parser, handler); },
          give_up);
      reply.body = std::move(parser.get().body());
    } catch (const Error&) {
      reply.complete = false;  // what it did with the call, the head has said
    }
    return reply;
  }

  HttpReply call_secured(Steps& steps, const HttpCall& call, const tcp::endpoint& endpoint) {
    asio::ssl::stream<tcp::socket> stream(steps.context(), tls);
    connect(steps, stream.next_layer(), endpoint);
    SSL_set_tlsext_host_name(stream.native_handle(), call.url.host.c_str());
    stream.set_verify_callback(asio::ssl::rfc2818_verification(call.url.host));
    steps.run(
        "agreeing on TLS",
        [&](auto handler) { stream.async_handshake(asio::ssl::stream_base::client, handler); },
        [&] { give_up(stream.next_layer()); });
    return exchange(steps, call, stream, stream.next_layer());
  }

  HttpReply call(const HttpCall& asked) {
    Steps steps(asked.url, asked.deadline);
    const tcp::endpoint endpoint = resolve(steps, asked.url);
    if (asked.url.tls) return call_secured(steps, asked, endpoint);
    tcp::socket socket(steps.context());
    connect(steps, socket, endpoint);
    return exchange(steps, asked, socket, socket);
  }

  const HttpClientOptions options;
  asio::ssl::context tls;
};

HttpClient::HttpClient(const HttpClientOptions& options) : state_(std::make_unique<State>(options)) {}

HttpClient::~HttpClient() = default;

HttpReply HttpClient::call(const HttpCall& call) const {
  return state_->call(call);
}

void HttpClient::check(const Url& url, std::chrono::milliseconds deadline) const {
  Steps steps(url, deadline);
  state_->resolve(steps, url);
}

}  // namespace meridian::network
