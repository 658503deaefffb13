// How far long readings are, kept so that they are taken up again.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/card.h"
#include "engine/long_run.h"
#include "engine/matching.h"
#include "storage/queue.h"

namespace meridian::engine {

extern const std::string_view kProgressTable;

// One that is under way.
struct RunProgress {
  std::string assistant, input;  // input: RunRequest::key()
  std::int64_t done = 0, of = 0;
};

// Those of a patient ("Patient/…") whose jobs wait or are in work: not of those that were given up.
std::vector<RunProgress> runs_under_way(storage::Connection& connection, const std::string& patient);
// Of what was read to its end, or given up.
void forget_progress(storage::Transaction& transaction, const RunRequest& request);

// The progress of one job of the runner.
class KeptRun : public LongRun {
 public:
  KeptRun(storage::Database& database, storage::Queue& queue, const storage::Job& job,
          const RunRequest& request, const Card& card, std::chrono::seconds lease,
          const std::atomic<bool>& stopping);
  std::string kept() override;
  void keep(const std::string& state, std::int64_t done, std::int64_t of) override;
  void alive() override;

 private:
  void stop_when_told() const;

  storage::Database& database_;
  storage::Queue& queue_;
  const storage::Job& job_;
  const RunRequest& request_;
  const std::string version_;
  const std::chrono::seconds lease_;
  const std::atomic<bool>& stopping_;
  std::mutex mutex_;
  Instant extended_;  // when the lease was, last
};

}  // namespace meridian::engine
