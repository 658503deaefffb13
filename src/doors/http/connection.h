// One client's connection: requests are read one after another, run, and answered in their order.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "doors/http/dispatcher.h"
#include "doors/http/server.h"
#include "doors/http/worker_pool.h"

namespace meridian::doors::http {

using Clock = std::chrono::steady_clock;

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void start() = 0;
  // All on the connection's own thread: what has taken too long ends; what waits for a request ends; all
  // ends.
  virtual void check(Clock::time_point now) = 0;
  virtual void finish() = 0;
  virtual void abort() = 0;
};

// A thread that serves sockets, and its connections.
class Loop {
 public:
  void add(const std::shared_ptr<Connection>& connection);
  void remove(const Connection* connection);
  std::vector<std::shared_ptr<Connection>> connections() const;
  std::size_t size() const;

  boost::asio::io_context& context() { return context_; }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<const Connection*, std::weak_ptr<Connection>> connections_;
  boost::asio::io_context context_{1};  // goes first: connections that it still holds leave the map
};

// What connections share.
struct Surroundings {
  const ServerOptions& options;
  const Dispatcher& dispatcher;
  WorkerPool& workers;
};

// tls: nullptr for a connection in the clear.
std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket,
                                            boost::asio::ssl::context* tls, Loop& loop,
                                            const Surroundings& surroundings);

}  // namespace meridian::doors::http
