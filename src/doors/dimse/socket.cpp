#include "doors/dimse/socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace meridian::doors::dimse {
namespace {

constexpr int kBacklog = 128;
constexpr unsigned char kAssociateRequest = 0x01;
// 128 presentation contexts with every transfer syntax need less; it must fit a socket's buffer to be looked
// at.
constexpr std::size_t kLargestRequest = 60 * 1024;

[[noreturn]] void fail(const std::string& what, const std::string& where) {
  throw Error(ErrorCode::unavailable, what + ": " + std::strerror(errno), where,
              "Choose another address or port");
}

void set(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

std::size_t peek(int descriptor, void* buffer, std::size_t size) {
  const ssize_t got = recv(descriptor, buffer, size, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

// Waits for more bytes than have been seen; false when there will be none in time. While a peer trickles, the
// bytes already there keep the socket readable: SO_RCVLOWAT makes poll wait for the number that is wanted.
bool wait_readable(int descriptor, std::size_t wanted, std::chrono::steady_clock::time_point end) {
  const int low_water = static_cast<int>(wanted);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water);
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
  pollfd wait{descriptor, POLLIN, 0};
  return left > 0 && poll(&wait, 1, static_cast<int>(left)) > 0 && !(wait.revents & (POLLERR | POLLNVAL));
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = other.release();
  }
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

int Socket::release() {
  return std::exchange(descriptor_, -1);
}

Listener::Listener(const std::string& address, std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const std::string where = fmt::format("{}:{}", address, port);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1)
    throw Error(ErrorCode::invalid_configuration, "This is not an IPv4 address", where,
                "Give one such as 127.0.0.1 or 0.0.0.0");
  if (socket_.descriptor() < 0) fail("No socket can be made", where);
  set(socket_.descriptor(), SOL_SOCKET, SO_REUSEADDR);
  if (bind(socket_.descriptor(), reinterpret_cast<sockaddr*>(&place), sizeof place) ||
      listen(socket_.descriptor(), kBacklog))
    fail("The DICOM service cannot listen", where);
  socklen_t size = sizeof place;
  getsockname(socket_.descriptor(), reinterpret_cast<sockaddr*>(&place), &size);
  port_ = ntohs(place.sin_port);
}

Listener::~Listener() = default;

std::optional<Accepted> Listener::accept() {
  while (!stopping_) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int descriptor =
        accept4(socket_.descriptor(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
      poll(nullptr, 0, 100);  // until an association ends and gives its descriptor back
      continue;
    }
    if (descriptor < 0) continue;
    set(descriptor, IPPROTO_TCP, TCP_NODELAY);
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE);
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
    return Accepted{Socket(descriptor), text};
  }
  return {};
}

void Listener::stop() {
  stopping_ = true;
  shutdown(socket_.descriptor(), SHUT_RDWR);
}

std::optional<std::size_t> association_request_size(std::string_view header) {
  const auto byte = [&](std::size_t at) { return std::size_t(static_cast<unsigned char>(header[at])); };
  if (header.size() < kPduHeader || byte(0) != kAssociateRequest) return {};
  const std::size_t size = kPduHeader + (byte(2) << 24 | byte(3) << 16 | byte(4) << 8 | byte(5));
  return size <= kLargestRequest ? std::optional(size) : std::nullopt;
}

bool wait_for_association_request(const Socket& socket, std::chrono::milliseconds at_most) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  const int descriptor = socket.descriptor();
  std::string header(kPduHeader, '\0');
  if (!wait_readable(descriptor, kPduHeader, end) ||
      peek(descriptor, header.data(), header.size()) < header.size())
    return false;
  const auto size = association_request_size(header);
  if (!size) return false;
  std::string request(*size, '\0');
  const bool whole =
      wait_readable(descriptor, *size, end) && peek(descriptor, request.data(), *size) == *size;
  const int one = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
  return whole;
}

void reject_for_now(const Socket& socket) {
  static constexpr unsigned char kRejection[] = {0x03, 0, 0, 0, 0, 4, 0, 2, 3, 2};
  send(socket.descriptor(), kRejection, sizeof kRejection, MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(socket.descriptor(), SHUT_WR);
}

}  // namespace meridian::doors::dimse
