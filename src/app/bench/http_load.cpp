#include "app/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kEndOfHead = "\r\n\r\n", kLength = "Content-Length: ";

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

// Bytes of the whole answer, or 0 while its head is not complete.
std::size_t answer_size(std::string_view text) {
  const auto end = text.find(kEndOfHead);
  if (end == std::string_view::npos) return 0;
  const auto length = text.substr(0, end).find(kLength);
  const std::size_t body =
      length == std::string_view::npos ? 0 : std::strtoul(text.data() + length + kLength.size(), nullptr, 10);
  return end + kEndOfHead.size() + body;
}

}  // namespace

struct HttpLoad::Connection {
  int descriptor = -1;
  std::string received;
  Clock::time_point sent;

  void send(const std::string& request) {
    received.clear();
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
    if (count <= 0) fail("a connection ended");
    received.append(bytes, static_cast<std::size_t>(count));
    const std::size_t size = answer_size(received);
    return size > 0 && received.size() >= size;
  }
};

HttpLoad::HttpLoad(int port, int connections) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (int i = 0; i < connections; ++i) {
    connections_.push_back({connect_to(port), {}, {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(i);
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connections_.back().descriptor, &event) != 0)
      fail("epoll does not work");
  }
}

HttpLoad::~HttpLoad() {
  for (const Connection& connection : connections_) ::close(connection.descriptor);
  ::close(poll_);
}

HttpLoad::Result HttpLoad::run(std::chrono::duration<double> how_long,
                               const std::function<std::string()>& next_request,
                               const std::function<void(std::string_view)>& on_answer) {
  Result result;
  const Clock::time_point begun = Clock::now();
  const Clock::time_point end = begun + std::chrono::duration_cast<Clock::duration>(how_long);
  for (Connection& connection : connections_) connection.send(next_request());
  std::array<epoll_event, 64> events;
  for (std::size_t open = connections_.size(); open > 0;) {
    const int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 10'000);
    if (ready <= 0 && errno != EINTR) fail("no answer within 10 s");
    for (int i = 0; i < ready; ++i) {
      Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u32];
      if (!connection.receive()) continue;
      const Clock::time_point now = Clock::now();
      result.latencies.push_back(std::chrono::duration<double>(now - connection.sent).count());
      const std::string_view head =
          std::string_view(connection.received).substr(0, connection.received.find(kEndOfHead));
      if (head.substr(9, 1) != "2") fail("the node answered " + std::string(head.substr(0, head.find('\r'))));
      on_answer(head);
      if (now < end)
        connection.send(next_request());
      else
        --open;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return result;
}

}  // namespace meridian::app
