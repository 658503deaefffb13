// An association as DCMTK holds it. Of this door only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "doors/dimse/dimse_server.h"
#include "doors/dimse/socket.h"

namespace meridian::doors::dimse {

class Association {
 public:
  // Takes over a socket in which a whole A-ASSOCIATE-RQ waits, and answers it: accepts the verification,
  // storage and, if it answers queries, query contexts whose transfer syntaxes the archive keeps. Nothing
  // when it was rejected or is no association request.
  static std::unique_ptr<Association> accept(Socket socket, std::string address, const DimseOptions& options,
                                             bool answers_queries);
  // Aborts the association unless it was released.
  ~Association();
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;

  const PeerFacts& peer() const { return peer_; }
  T_ASC_Association* get() { return association_; }
  // The transfer syntax's UID of an accepted presentation context; empty when there is no such context.
  std::string transfer_syntax(T_ASC_PresentationContextID context) const;
  // The next piece of a message's data set. Throws Error when the peer is gone or silent for so long.
  DUL_PDV next_piece(std::chrono::seconds at_most);
  void release();

 private:
  explicit Association(T_ASC_Association* association) : association_(association) {}
  bool negotiate(const DimseOptions& options, bool answers_queries);
  bool reject(T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
              T_ASC_RejectParametersReason reason);

  T_ASC_Association* association_;
  PeerFacts peer_;
  bool open_ = false;
};

}  // namespace meridian::doors::dimse
