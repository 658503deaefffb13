// An association that this node opens. Of this door only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <string>
#include <vector>

#include "doors/dimse/peer.h"
#include "doors/dimse/transport.h"

namespace meridian::doors::dimse {

struct ProposedContext {
  std::string abstract_syntax;
  std::vector<std::string> transfer_syntaxes;
  T_ASC_SC_ROLE role = ASC_SC_ROLE_DEFAULT;
};

class UserAssociation {
 public:
  // Throws unavailable when the peer cannot be reached or rejects it, invalid_value for no context or more
  // than 128.
  UserAssociation(const DimsePeer& peer, const std::vector<ProposedContext>& contexts);
  // Releases it.
  ~UserAssociation();
  UserAssociation(const UserAssociation&) = delete;
  UserAssociation& operator=(const UserAssociation&) = delete;

  T_ASC_Association* get() const { return association_; }

 private:
  void open(const DimsePeer& peer, const std::vector<ProposedContext>& contexts);
  void close();

  UserTransport transport_;
  T_ASC_Network* network_ = nullptr;
  T_ASC_Association* association_ = nullptr;
};

}  // namespace meridian::doors::dimse
