#include "doors/dimse/transport.h"

#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace meridian::doors::dimse {
namespace {

constexpr std::chrono::seconds kHandshake{30};

// TLS as DCMTK sees a connection. The descriptor is the connection's own.
class TlsConnection : public DcmTransportConnection {
 public:
  TlsConnection(DcmNativeSocketType socket, std::unique_ptr<TlsChannel> channel)
      : DcmTransportConnection(socket), channel_(std::move(channel)) {}
  ~TlsConnection() override { close_socket(); }

  OFCondition serverSideHandshake() override { return EC_Normal; }  // before DCMTK had it
  OFCondition clientSideHandshake() override {
    const bool agreed = channel_->connect(TlsChannel::Clock::now() + kHandshake);
    return agreed ? EC_Normal
                  : makeOFCondition(OFM_dcmnet, DULC_TLSERROR, OF_error, "No TLS connection with this peer");
  }
  OFCondition renegotiate(const char*) override { return EC_Normal; }
  ssize_t read(void* buffer, size_t size) override { return channel_->read(buffer, size); }
  ssize_t write(void* buffer, size_t size) override { return channel_->write(buffer, size); }
  void close() override {
    if (getSocket() >= 0) channel_->shut_down();
    close_socket();
  }
  void closeTransportConnection() override { close_socket(); }
  unsigned long getPeerCertificateLength() override { return 0; }
  unsigned long getPeerCertificate(void*, unsigned long) override { return 0; }
  OFBool networkDataAvailable(int timeout) override { return channel_->readable(timeout); }
  OFBool isTransparentConnection() override { return OFFalse; }
  OFString& dumpConnectionParameters(OFString& text) override { return text = channel_->cipher().c_str(); }

 private:
  void close_socket() {
    if (getSocket() >= 0) ::close(getSocket());
    setSocket(-1);
  }

  std::unique_ptr<TlsChannel> channel_;
};

// Without it every message waits for a delayed acknowledgement of the one before.
void send_promptly(DcmNativeSocketType socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

DcmTransportConnection* UserTransport::createConnection(DcmNativeSocketType socket, OFBool) {
  send_promptly(socket);
  if (!tls_) return DcmTransportLayer::createConnection(socket, OFFalse);
  return new TlsConnection(socket, std::make_unique<TlsChannel>(*tls_, socket));
}

DcmTransportConnection* ProviderTransport::createConnection(DcmNativeSocketType socket, OFBool) {
  if (!expected_) return DcmTransportLayer::createConnection(socket, OFFalse);
  return new TlsConnection(socket, std::move(expected_));
}

}  // namespace meridian::doors::dimse
