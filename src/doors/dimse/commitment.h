// What became of a request to commit to instances (PS3.4, J.3.3), and its
// report to who asked: at once, or later where they cannot be reached now.
#pragma once
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "doors/dimse/peer.h"
#include "storage/queue.h"

namespace meridian::doors::dimse {

struct CommitmentReport {
  struct Reference {
    std::string sop_class, instance;
    std::uint16_t failure = 0;  // PS3.3, C.14.1.1; 0: safely kept
  };
  std::string ae_title;  // who asked
  std::string transaction;
  std::vector<Reference> references;

  bool complete() const;  // all are kept
  Json to_json() const;
  static CommitmentReport from_json(const Json& json);  // throws corrupted
};

// Reports that could not be told, kept in the durable queue and told again with
// back-off; after a day of failures they are parked where a person sees them.
class CommitmentReports {
 public:
  CommitmentReports(storage::Database& database, storage::Queue& queue, std::vector<DimsePeer> destinations);
  ~CommitmentReports();  // stops
  void start();
  void stop();

  void keep(const CommitmentReport& report);
  // Tells the next one that is due, in this thread; false when there is none.
  bool tell_one();

 private:
  void work();
  void tell(const CommitmentReport& report) const;

  storage::Database& database_;
  storage::Queue& queue_;
  const std::vector<DimsePeer> destinations_;
  std::thread worker_;
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::doors::dimse
