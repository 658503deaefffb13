#include "app/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kEndOfHead = "\r\n\r\n",
                           kLength = "Content-Length: ", kChunked = "Transfer-Encoding: chunked",
                           kClose = "Connection: close";

constexpr int kPatience = 60'000;  // milliseconds

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::unavailable, "The HTTP bench: " + what);
}

int connect_to(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (descriptor < 0 || ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    fail(std::string("could not connect: ") + std::strerror(errno));
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

// How much of an answer is still to come.
class Remaining {
 public:
  // True when the text is the whole answer.
  bool none(std::string_view text) {
    if (!at_) read_head(text);
    while (at_ && chunked_ && !last_ && next_chunk(text)) {
    }
    return at_ && !until_closed_ && (!chunked_ || last_) && text.size() >= at_;
  }
  // Bytes of the answer, as far as they are known.
  std::size_t known() const { return at_; }
  // Whether the answer ends with its connection.
  bool until_closed() const { return until_closed_; }

 private:
  void read_head(std::string_view text) {
    const auto end = text.find(kEndOfHead);
    if (end == std::string_view::npos) return;
    const std::string_view head = text.substr(0, end);
    at_ = end + kEndOfHead.size();
    chunked_ = head.find(kChunked) != std::string_view::npos;
    const auto length = head.find(kLength);
    until_closed_ =
        !chunked_ && length == std::string_view::npos && head.find(kClose) != std::string_view::npos;
    if (!chunked_ && length != std::string_view::npos)
      at_ += std::strtoul(head.data() + length + kLength.size(), nullptr, 10);
  }
  bool next_chunk(std::string_view text) {
    if (at_ >= text.size()) return false;
    const auto line = text.find("\r\n", at_);
    if (line == std::string_view::npos) return false;
    const std::size_t size = std::strtoul(text.data() + at_, nullptr, 16);
    last_ = size == 0;
    at_ = line + 2 + size + 2;
    return true;
  }

  std::size_t at_ = 0;  // the answer is at least so long; 0: its head is not complete
  bool chunked_ = false, last_ = false, until_closed_ = false;
};

}  // namespace

struct HttpLoad::Connection {
  int descriptor = -1;
  std::string received;
  Clock::time_point sent;
  Remaining remaining;

  void send(const std::string& request) {
    received.clear();
    remaining = {};
    sent = Clock::now();
    for (std::size_t done = 0; done < request.size();) {
      const ssize_t count = ::send(descriptor, request.data() + done, request.size() - done, MSG_NOSIGNAL);
      if (count <= 0) fail("a connection ended");
      done += static_cast<std::size_t>(count);
    }
  }

  // True when the answer is complete.
  bool receive() {
    char bytes[64 * 1024];
    const ssize_t count = ::recv(descriptor, bytes, sizeof bytes, 0);
    if (count == 0 && remaining.until_closed()) return true;
    if (count <= 0) fail("a connection ended");
    if (remaining.known() > received.capacity())
      received.reserve(std::max(2 * received.capacity(), remaining.known()));  // chunks are many
    received.append(bytes, static_cast<std::size_t>(count));
    return remaining.none(received);
  }
};

HttpLoad::HttpLoad(int port, int connections)
    : port_(port),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(connections)) {
  for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
}

void HttpLoad::connect(std::size_t index) {
  Connection& connection = connections_[index];
  if (connection.descriptor >= 0) ::close(connection.descriptor);
  connection.descriptor = connect_to(port_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = static_cast<std::uint32_t>(index);
  if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.descriptor, &event) != 0) fail("epoll does not work");
}

HttpLoad::~HttpLoad() {
  for (const Connection& connection : connections_) ::close(connection.descriptor);
  ::close(poll_);
}

HttpLoad::Result HttpLoad::run(std::chrono::duration<double> how_long,
                               const std::function<std::string()>& next_request,
                               const std::function<void(std::string_view)>& on_answer) {
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(how_long);
  return run_while([&] { return Clock::now() < end; }, next_request, on_answer);
}

HttpLoad::Result HttpLoad::repeat(std::size_t requests, const std::function<std::string()>& next_request) {
  std::size_t asked = std::min(requests, connections_.size());
  return run_while([&] { return asked++ < requests; }, next_request, [](std::string_view) {});
}

HttpLoad::Result HttpLoad::run_while(const std::function<bool()>& more,
                                     const std::function<std::string()>& next_request,
                                     const std::function<void(std::string_view)>& on_answer) {
  Result result;
  const Clock::time_point begun = Clock::now();
  for (Connection& connection : connections_) connection.send(next_request());
  std::array<epoll_event, 64> events;
  for (std::size_t open = connections_.size(); open > 0;) {
    const int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), kPatience);
    if (ready <= 0 && errno != EINTR) fail("no answer within a minute");
    for (int i = 0; i < ready; ++i) {
      Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u32];
      if (!connection.receive()) continue;
      result.latencies.push_back(std::chrono::duration<double>(Clock::now() - connection.sent).count());
      result.bytes += static_cast<double>(connection.received.size());
      const std::string_view head =
          std::string_view(connection.received).substr(0, connection.received.find(kEndOfHead));
      if (head.substr(9, 1) != "2") fail("the node answered " + std::string(head.substr(0, head.find('\r'))));
      on_answer(head);
      if (connection.remaining.until_closed()) connect(events[static_cast<std::size_t>(i)].data.u32);
      if (more())
        connection.send(next_request());
      else
        --open;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return result;
}

}  // namespace meridian::app
