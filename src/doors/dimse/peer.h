// Who is at the other end of an association.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace meridian::doors::dimse {

// Who speaks, as it says of itself.
struct PeerFacts {
  std::string calling_ae_title, called_ae_title;
  std::string address;  // of the network, "192.0.2.7"
};

class TlsContext;

// Where a peer is called.
struct DimsePeer {
  std::string host;
  std::uint16_t port = 104;
  std::string ae_title;  // it is called by this
  std::string our_ae_title = "MERIDIAN";
  std::shared_ptr<const TlsContext> tls = nullptr;  // nullptr: in the clear
};

}  // namespace meridian::doors::dimse
