// How DCMTK's connections are made here: with TCP_NODELAY, and under TLS by OpenSSL where that is wanted. Of
// this door only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dcmlayer.h>

#include <memory>

#include "doors/dimse/tls.h"

namespace meridian::doors::dimse {

// Of connections that DCMTK opens: under TLS when a context is given.
class UserTransport : public DcmTransportLayer {
 public:
  explicit UserTransport(std::shared_ptr<const TlsContext> tls) : tls_(std::move(tls)) {}
  DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool secure) override;

 private:
  const std::shared_ptr<const TlsContext> tls_;
};

// Of connections that were accepted, and came to terms on TLS, before DCMTK takes them over.
class ProviderTransport : public DcmTransportLayer {
 public:
  // Of the next connection; nullptr: one in the clear.
  void expect(std::unique_ptr<TlsChannel> channel) { expected_ = std::move(channel); }
  DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool secure) override;

 private:
  std::unique_ptr<TlsChannel> expected_;
};

}  // namespace meridian::doors::dimse
