// Storage as a user (PS3.4, B): sends instances to another node or PACS over one association.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "doors/dimse/peer.h"
#include "doors/dimse/store_operation.h"

namespace meridian::doors::dimse {

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

  // Sends a Part 10 file and gives the peer's status; as StoreOperation::run.
  std::uint16_t store(const std::string& file, const std::optional<MoveOriginator>& originator = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::doors::dimse
