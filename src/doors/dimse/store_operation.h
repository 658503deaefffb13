// C-STORE as its user (PS3.4, B.2): over an association of our own, or over the one by which a peer retrieves
// (C-GET).
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace meridian::doors::dimse {

// For whom an instance is sent, when a C-MOVE asked for it.
struct MoveOriginator {
  std::string ae_title;
  std::uint16_t message = 0;
};

enum class StoreRole { of_requestor, of_acceptor };

class StoreOperation {
 public:
  StoreOperation(T_ASC_Association* association, StoreRole role, std::chrono::seconds at_most)
      : association_(association), role_(role), at_most_(at_most) {}

  // Sends a Part 10 file: as it is encoded when the peer took a presentation context for that, else in a
  // native transfer syntax that it took. Gives the peer's status, 0 for success. Throws not_supported when
  // the peer took no context for its class that fits, unavailable when the peer is gone, and what parsing and
  // decoding throw.
  std::uint16_t run(std::string file, const std::optional<MoveOriginator>& originator = {});
  // Whether the peer cancelled what it asked for (C-GET) meanwhile.
  bool cancelled() const { return cancelled_; }

 private:
  std::uint16_t receive_status(std::uint16_t message);
  T_ASC_PresentationContextID context_for(const std::string& sop_class, std::string_view syntax) const;

  T_ASC_Association* association_;
  StoreRole role_;
  std::chrono::seconds at_most_;
  bool cancelled_ = false;
};

}  // namespace meridian::doors::dimse
