// TLS for associations (PS3.15, B.9: BCP 195): version 1.2 and later, by OpenSSL.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "doors/dimse/socket.h"

struct ssl_ctx_st;
struct ssl_st;

namespace meridian::doors::dimse {

struct TlsFiles {
  std::filesystem::path certificate, key;  // PEM; what this node shows, in both roles
  // PEM; who signs the certificates of peers, which must then show one. Empty: peers need none, and those
  // that are called are believed.
  std::filesystem::path authorities = {};
};

class TlsContext {
 public:
  // Throws invalid_configuration for files that cannot be read or do not belong together.
  explicit TlsContext(const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  ssl_ctx_st* get() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

// A connection under TLS: what is written and read is encrypted. It does not own the descriptor.
class TlsChannel {
 public:
  using Clock = std::chrono::steady_clock;

  TlsChannel(const TlsContext& context, int descriptor);
  ~TlsChannel();
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  // False when the peer does not come to terms in time.
  bool accept(Clock::time_point end);
  bool connect(Clock::time_point end);
  // Waits until an A-ASSOCIATE-RQ has arrived whole, and keeps it for read(). False as
  // wait_for_association_request is.
  bool wait_for_association_request(Clock::time_point end);

  // As recv and send: bytes, 0 at the end, -1 for an error.
  long read(void* buffer, std::size_t size);
  long write(const void* buffer, std::size_t size);
  bool readable(int seconds) const;
  void shut_down();
  std::string cipher() const;

 private:
  template <class Step>
  bool finish(Step&& step, Clock::time_point end);
  bool fill(std::size_t size, Clock::time_point end);

  ssl_st* ssl_;
  int descriptor_;
  std::string ahead_;  // read before it was asked for
};

}  // namespace meridian::doors::dimse
