// A load of HTTP requests over keep-alive connections to this machine.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::app {

class HttpLoad {
 public:
  // Throws unavailable when the port does not take the connections.
  HttpLoad(int port, int connections);
  ~HttpLoad();

  struct Result {
    double seconds = 0;             // from the first request to the last answer
    double bytes = 0;               // of the answers, heads included
    std::vector<double> latencies;  // seconds, one a request
  };
  // A server may end a connection with an answer; it is opened again.
  // Each connection sends the next request when its last is answered, for so long. head: status line and
  // headers of each answer. Throws unavailable for an answer whose status is not 2xx, or a connection that
  // ends.
  Result run(std::chrono::duration<double> how_long, const std::function<std::string()>& next_request,
             const std::function<void(std::string_view head)>& on_answer);
  // The same for so many requests.
  Result repeat(std::size_t requests, const std::function<std::string()>& next_request);

 private:
  Result run_while(const std::function<bool()>& more, const std::function<std::string()>& next_request,
                   const std::function<void(std::string_view head)>& on_answer);

  struct Connection;
  void connect(std::size_t index);

  const int port_;
  int poll_ = -1;
  std::vector<Connection> connections_;
};

}  // namespace meridian::app
