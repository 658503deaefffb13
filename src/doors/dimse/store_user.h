// Storage as a user (PS3.4, B): sends instances to another node or PACS over one association.
#pragma once
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace meridian::doors::dimse {

struct DimsePeer {
  std::string host;
  std::uint16_t port = 104;
  std::string ae_title;  // it is called by this
  std::string our_ae_title = "MERIDIAN";
};

// SOP class and transfer syntax of instances that will be sent.
using StoreContexts = std::set<std::pair<std::string, std::string>>;

class StoreUser {
 public:
  // Throws unavailable when the peer cannot be reached or rejects the association, invalid_value when there
  // are more contexts than an association has (128).
  StoreUser(const DimsePeer& peer, const StoreContexts& contexts);
  // Releases the association.
  ~StoreUser();
  StoreUser(const StoreUser&) = delete;
  StoreUser& operator=(const StoreUser&) = delete;

  // Sends a Part 10 file as it is encoded and gives the peer's status, 0 for success. Throws not_supported
  // when the peer did not accept its class and transfer syntax, unavailable when the peer is gone, and what
  // parsing throws.
  std::uint16_t store(const std::string& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::doors::dimse
