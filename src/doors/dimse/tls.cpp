#include "doors/dimse/tls.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace meridian::doors::dimse {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::filesystem::path& file) {
  char reason[256] = "";
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  ERR_clear_error();
  throw Error(ErrorCode::invalid_configuration, what + ": " + reason, file.string(),
              "Name a readable PEM file");
}

int milliseconds_until(TlsChannel::Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - TlsChannel::Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void set_blocking(int descriptor, bool blocking) {
  const int flags = fcntl(descriptor, F_GETFL);
  fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

}  // namespace

TlsContext::TlsContext(const TlsFiles& files) : context_(SSL_CTX_new(TLS_method())) {
  if (!context_) throw Error(ErrorCode::internal, "OpenSSL could not be started");
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> guard(context_, SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_mode(context_, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str()) != 1)
    refuse("The certificate cannot be read", files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    refuse("The key cannot be read or is not the certificate's", files.key);
  if (!files.authorities.empty()) {
    if (SSL_CTX_load_verify_locations(context_, files.authorities.c_str(), nullptr) != 1)
      refuse("The authorities' certificates cannot be read", files.authorities);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  SSL_CTX_up_ref(context_);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

TlsChannel::TlsChannel(const TlsContext& context, int descriptor)
    : ssl_(SSL_new(context.get())), descriptor_(descriptor) {
  if (!ssl_ || SSL_set_fd(ssl_, descriptor) != 1)
    throw Error(ErrorCode::internal, "OpenSSL could not take a connection");
}

TlsChannel::~TlsChannel() {
  SSL_free(ssl_);
}

// Repeats a step that OpenSSL cannot finish before the peer has sent or taken more.
template <class Step>
bool TlsChannel::finish(Step&& step, Clock::time_point end) {
  set_blocking(descriptor_, false);
  bool done = false;
  for (;;) {
    const int result = step();
    done = result > 0;
    const int reason = SSL_get_error(ssl_, result);
    if (done || (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)) break;
    pollfd wait{descriptor_, static_cast<short>(reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
    if (poll(&wait, 1, milliseconds_until(end)) <= 0) break;
  }
  ERR_clear_error();
  set_blocking(descriptor_, true);
  return done;
}

bool TlsChannel::accept(Clock::time_point end) {
  return finish([&] { return SSL_accept(ssl_); }, end);
}

bool TlsChannel::connect(Clock::time_point end) {
  return finish([&] { return SSL_connect(ssl_); }, end);
}

bool TlsChannel::fill(std::size_t size, Clock::time_point end) {
  while (ahead_.size() < size) {
    std::string piece(size - ahead_.size(), '\0');
    int got = 0;
    if (!finish([&] { return got = SSL_read(ssl_, piece.data(), static_cast<int>(piece.size())); }, end))
      return false;
    ahead_.append(piece, 0, static_cast<std::size_t>(got));
  }
  return true;
}

bool TlsChannel::wait_for_association_request(Clock::time_point end) {
  if (!fill(kPduHeader, end)) return false;
  const auto size = association_request_size(ahead_);
  return size && fill(*size, end);
}

long TlsChannel::read(void* buffer, std::size_t size) {
  if (ahead_.empty()) return SSL_read(ssl_, buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
  const std::size_t count = std::min(size, ahead_.size());
  std::memcpy(buffer, ahead_.data(), count);
  ahead_.erase(0, count);
  return static_cast<long>(count);
}

long TlsChannel::write(const void* buffer, std::size_t size) {
  return SSL_write(ssl_, buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
}

bool TlsChannel::readable(int seconds) const {
  if (!ahead_.empty() || SSL_pending(ssl_) > 0) return true;
  pollfd wait{descriptor_, POLLIN, 0};
  return poll(&wait, 1, seconds * 1000) > 0;
}

void TlsChannel::shut_down() {
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

std::string TlsChannel::cipher() const {
  return SSL_get_cipher_name(ssl_);
}

}  // namespace meridian::doors::dimse
