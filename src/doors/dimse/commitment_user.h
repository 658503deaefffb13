// Storage commitment as a user (PS3.4, J.3.2): asks a peer whether it keeps safely what it was sent.
#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "doors/dimse/commitment.h"
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// Reports that came on associations of the peers' own (DimseHandlers::report). Safe from any thread.
class ReceivedReports {
 public:
  void add(CommitmentReport report);
  // That of the transaction, waited for; nothing when it does not come in this time.
  std::optional<CommitmentReport> take(const std::string& transaction, std::chrono::milliseconds at_most);

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::string, CommitmentReport> reports_;  // by transaction
};

// What the peer reports: on the association on which it is asked, or on one of its own, to where elsewhere
// gets it. Throws unavailable when the peer cannot be reached, commits to nothing or does not report in this
// time; refused when it does not take the request.
CommitmentReport ask_commitment(const DimsePeer& peer,
                                const std::vector<CommitmentRequest::Reference>& references,
                                ReceivedReports& elsewhere, std::chrono::seconds at_most);

}  // namespace meridian::doors::dimse
