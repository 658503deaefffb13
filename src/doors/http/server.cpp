#include "doors/http/server.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/http/connection.h"

namespace meridian::doors::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

tcp::endpoint endpoint_of(const ServerOptions& options) {
  error_code error;
  const auto address =
      asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, error);
  if (error)
    throw Error(ErrorCode::invalid_configuration, "\"" + options.address + "\" is not an IP address",
                "http.address");
  if (options.certificate.empty() && !address.is_loopback())
    throw Error(ErrorCode::invalid_configuration, "Without TLS only a loopback address is allowed",
                "http.address", "Use 127.0.0.1, or switch TLS on");
  return {address, static_cast<std::uint16_t>(options.port)};
}

std::unique_ptr<asio::ssl::context> tls_context(const ServerOptions& options) {
  if (options.certificate.empty()) return nullptr;
  try {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
    context->use_certificate_chain_file(options.certificate.string());
    context->use_private_key_file(options.key.string(), asio::ssl::context::pem);
    return context;
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorCode::invalid_configuration,
                std::string("The TLS certificate or key cannot be used: ") + error.what(),
                options.certificate.string());
  }
}

tcp::acceptor listen(asio::io_context& context, const tcp::endpoint& endpoint) {
  try {
    tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(1024);
    return acceptor;
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorCode::unavailable, std::string("Could not listen for HTTP: ") + error.code().message(),
                endpoint.address().to_string() + ":" + std::to_string(endpoint.port()),
                "Stop what uses the port, or configure another");
  }
}

}  // namespace

struct Server::State {
  State(const ServerOptions& given, const Dispatcher& dispatcher)
      : options(given),
        endpoint(endpoint_of(options)),
        tls(tls_context(options)),
        loops(static_cast<std::size_t>(std::max(options.threads, 1))),
        workers(std::make_unique<WorkerPool>(std::max(options.workers, 1), options.most_waiting)),
        surroundings{options, dispatcher, *workers},
        acceptor(listen(loops.front().context(), endpoint)),
        port(acceptor.local_endpoint().port()) {
    sweep_every = std::min<std::chrono::milliseconds>(
        std::chrono::milliseconds(500), std::min({options.header_timeout, options.idle_timeout,
                                                  options.body_timeout, options.session_check}) /
                                            4);
    for (Loop& loop : loops) sweepers.emplace_back(loop.context());
    for (std::size_t i = 0; i < loops.size(); ++i) sweep(i);
    accept();
    for (Loop& loop : loops) threads.emplace_back([&loop] { loop.context().run(); });
  }

  void accept() {
    Loop& loop = loops[next_loop++ % loops.size()];
    acceptor.async_accept(loop.context(), [this, &loop](error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (!error)
        welcome(loop, std::move(socket));
      else if (error != asio::error::connection_aborted)
        return pause_accepting(error);
      accept();
    });
  }

  void welcome(Loop& loop, tcp::socket socket) {
    if (connections() >= options.most_connections) {
      count("meridian_http_connections_refused_total");
      return;
    }
    auto connection = make_connection(std::move(socket), tls.get(), loop, surroundings);
    asio::post(loop.context(), [connection] { connection->start(); });
  }

  // No file descriptors left, most likely: others must end first.
  void pause_accepting(error_code error) {
    log_warning("http-accept-failed", {{"error", error.message()}});
    auto timer =
        std::make_shared<asio::steady_timer>(loops.front().context(), std::chrono::milliseconds(100));
    timer->async_wait([this, timer](error_code ended) {
      if (!ended && acceptor.is_open()) accept();
    });
  }

  std::size_t connections() const {
    std::size_t total = 0;
    for (const Loop& loop : loops) total += loop.size();
    return total;
  }

  void sweep(std::size_t index) {
    sweepers[index].expires_after(sweep_every);
    sweepers[index].async_wait([this, index](error_code error) {
      if (error) return;
      const Clock::time_point now = Clock::now();
      for (const auto& connection : loops[index].connections()) connection->check(now);
      sweep(index);
    });
  }

  void each_connection(void (Connection::*action)()) {
    for (Loop& loop : loops)
      asio::post(loop.context(), [&loop, action] {
        for (const auto& connection : loop.connections()) ((*connection).*action)();
      });
  }

  void stop() {
    if (std::exchange(stopped, true)) return;
    asio::post(loops.front().context(), [this] { acceptor.close(); });
    each_connection(&Connection::finish);
    const auto deadline = Clock::now() + options.stop_timeout;
    while (connections() > 0 && Clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    each_connection(&Connection::abort);
    workers.reset();
    for (Loop& loop : loops) asio::post(loop.context(), [&loop] { loop.context().stop(); });
    for (std::thread& thread : threads) thread.join();
  }

  const ServerOptions options;
  const tcp::endpoint endpoint;
  const std::unique_ptr<asio::ssl::context> tls;
  std::deque<Loop> loops;
  std::unique_ptr<WorkerPool> workers;
  const Surroundings surroundings;
  tcp::acceptor acceptor;
  const int port;
  std::size_t next_loop = 0;
  std::chrono::milliseconds sweep_every{500};
  std::deque<asio::steady_timer> sweepers;
  std::vector<std::thread> threads;
  bool stopped = false;
};

Server::Server(const ServerOptions& options, const Dispatcher& dispatcher)
    : state_(std::make_unique<State>(options, dispatcher)) {}

Server::~Server() {
  stop();
}

int Server::port() const {
  return state_->port;
}

void Server::stop() {
  state_->stop();
}

}  // namespace meridian::doors::http
