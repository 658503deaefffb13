// HTTP/1.1 over TLS 1.3, or in the clear on the loopback: connections, limits and timeouts.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "doors/http/dispatcher.h"

namespace meridian::doors::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 8080;                    // 0: any free one
  std::filesystem::path certificate;  // PEM; empty: no TLS, which only a loopback address is allowed
  std::filesystem::path key;
  std::filesystem::path spool_folder;  // for uploads while they arrive; exists
  int threads = 2;                     // that read and write sockets
  int workers = 8;                     // that run handlers
  std::size_t most_waiting = 1000;     // requests for a worker; more are answered 503
  std::size_t most_connections = 4000;
  std::size_t largest_header = 32 * 1024;    // bytes
  std::size_t largest_in_memory = 4u << 20;  // bytes of a body; the rest goes to the spool folder
  std::chrono::milliseconds header_timeout = std::chrono::seconds(10);  // from its first byte to its last
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);    // between requests
  std::chrono::milliseconds body_timeout = std::chrono::seconds(30);    // and a second more for each 16 KiB
  std::chrono::milliseconds session_check =
      std::chrono::minutes(1);  // a WebSocket of somebody who has signed out since is closed
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(20);  // for what runs when stop() is called
};

class Server {
 public:
  // Listens when it returns. Throws invalid_configuration (no TLS beyond the loopback, a certificate that
  // cannot be read) or unavailable (the port is taken). The dispatcher outlives the server.
  Server(const ServerOptions& options, const Dispatcher& dispatcher);
  ~Server();  // stops
  int port() const;
  // Takes no new connections, lets running requests finish and closes. Once is enough.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::doors::http
