// An association as DCMTK holds it. Of this door only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "doors/dimse/dimse_server.h"
#include "doors/dimse/socket.h"
#include "doors/dimse/tls.h"

namespace meridian::doors::dimse {

class Association {
 public:
  // Takes over a socket (channel: under TLS) in which a whole A-ASSOCIATE-RQ waits, and answers it: accepts
  // the contexts of the services that have handlers and whose transfer syntaxes the archive keeps. Nothing
  // when it was rejected or is no association request.
  static std::unique_ptr<Association> accept(Socket socket, std::unique_ptr<TlsChannel> channel,
                                             std::string address, const DimseOptions& options,
                                             const DimseHandlers& handlers);
  // Aborts the association unless it was released.
  ~Association();
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;

  const PeerFacts& peer() const { return peer_; }
  T_ASC_Association* get() { return association_; }
  // A message's whole data set, for those that are small. Throws unavailable when the peer is gone or silent
  // for so long.
  std::unique_ptr<DcmDataset> receive_dataset(T_ASC_PresentationContextID context,
                                              std::chrono::seconds at_most);
  void release();

 private:
  explicit Association(T_ASC_Association* association) : association_(association) {}
  bool negotiate(const DimseOptions& options, const DimseHandlers& handlers);
  void answer_context(const T_ASC_PresentationContext& context, const DimseHandlers& handlers);
  bool reject(T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
              T_ASC_RejectParametersReason reason);

  T_ASC_Association* association_;
  PeerFacts peer_;
  bool open_ = false;
};

}  // namespace meridian::doors::dimse
