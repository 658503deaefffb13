// Storage commitment (PS3.4, J.3): what a peer asks to be kept safely, and the report of what became of it. A
// request is in the durable queue before it is acknowledged, and stays there until its report is told.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "doors/dimse/peer.h"
#include "storage/queue.h"

namespace meridian::doors::dimse {

struct CommitmentRequest {
  struct Reference {
    std::string sop_class, instance;
  };
  PeerFacts peer;  // who asked
  std::string transaction;
  std::vector<Reference> references;

  Json to_json() const;
  static CommitmentRequest from_json(const Json& json);  // throws corrupted
};

struct CommitmentReport {
  struct Reference {
    std::string sop_class, instance;
    std::uint16_t failure = 0;  // PS3.3, C.14.1.1; 0: safely kept
  };
  std::string transaction;
  std::vector<Reference> references;

  bool complete() const;  // all are kept
};

// Whether an instance is safely kept: 0, or the failure reason of PS3.3, C.14.1.1.
using CommitHandler = std::function<std::uint16_t(const std::string& sop_class, const std::string& instance,
                                                  const PeerFacts& peer)>;
// Tells a report. Throws refused (the peer is there and does not take it), unavailable.
using ReportSender = std::function<void(const CommitmentReport& report)>;

// Requests that wait for their report. A peer with an address is told there, again with back-off while it
// cannot be reached; after a day of failures the request is parked where a person sees it. A peer without one
// is told on the associations on which it asks, also of its earlier requests.
class Commitments {
 public:
  Commitments(storage::Database& database, storage::Queue& queue, std::vector<DimsePeer> destinations,
              CommitHandler commit);
  ~Commitments();  // stops
  void start();
  void stop();

  // Durable when it returns.
  void keep(const CommitmentRequest& request);
  bool has_address(const std::string& ae_title) const;
  // Checks the instances of the next request that is due and tells the peer at its address, in this thread;
  // false when there is none.
  bool tell_one();
  // The same for all that is due to a peer without an address, by its own association. Throws unavailable.
  void tell_all(const std::string& ae_title, const ReportSender& send);

 private:
  void work();
  bool answer_next(const std::string& topic, const std::function<void(const CommitmentRequest&)>& answer);
  CommitmentReport check(const CommitmentRequest& request) const;

  storage::Database& database_;
  storage::Queue& queue_;
  const std::vector<DimsePeer> destinations_;
  const CommitHandler commit_;
  std::thread worker_;
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::doors::dimse
