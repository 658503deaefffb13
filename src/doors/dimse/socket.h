// A listening TCP socket and the ones it accepts.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::doors::dimse {

// Owns a file descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  int descriptor() const { return descriptor_; }
  int release();

 private:
  int descriptor_ = -1;
};

struct Accepted {
  Socket socket;  // with TCP_NODELAY and keep-alive
  std::string address;
};

class Listener {
 public:
  // Throws unavailable when it cannot listen there.
  Listener(const std::string& address, std::uint16_t port);
  ~Listener();

  std::uint16_t port() const { return port_; }
  // Waits for a connection; nothing after stop().
  std::optional<Accepted> accept();
  void stop();  // from any thread

 private:
  Socket socket_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
};

inline constexpr std::size_t kPduHeader = 6;  // bytes: type, reserved, length
// The bytes of the A-ASSOCIATE-RQ that begins with this header; nothing when it is another PDU, or larger
// than any request may be.
std::optional<std::size_t> association_request_size(std::string_view header);

// Waits until the first upper-layer PDU, which must be an A-ASSOCIATE-RQ (PS3.8, 9.3.2), has arrived whole,
// and leaves it in the socket. False when it does not in time, is another PDU, or is larger than any request
// may be.
bool wait_for_association_request(const Socket& socket, std::chrono::milliseconds at_most);

// Sends A-ASSOCIATE-RJ, transient: local limit exceeded (PS3.8, 9.3.4).
void reject_for_now(const Socket& socket);

}  // namespace meridian::doors::dimse
