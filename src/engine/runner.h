// The workers that run assistants: each job is taken from the durable queue, and its draft is written in the
// same transaction that removes it. A process that dies anywhere in between leaves the job, which is run
// again after its lease; the draft's ids follow from the input, so nothing is doubled.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "archive/archive.h"
#include "engine/draft.h"
#include "engine/input_loader.h"
#include "engine/registry.h"
#include "record/record.h"
#include "storage/queue.h"

namespace meridian::engine {

// What a run left in the record. Given to the listener within the transaction that writes it.
struct RunResult {
  RunRequest request;
  const Card* card = nullptr;
  Reading reading;     // empty when nothing was read
  std::string report;  // the draft's "DiagnosticReport/…"; empty when there is none
  std::vector<archive::InstanceFacts> objects = {};  // filed in the archive beside the image
};
using RunListener = std::function<void(record::Writer&, const RunResult&)>;

struct RunnerOptions {
  int workers = 1;
  std::chrono::seconds lease{300};  // longer than any assistant takes
  int attempts = 12;                // with back-off, before a person must look
};

class Runner {
 public:
  Runner(record::Record& record, storage::Queue& queue, Registry& registry, const archive::Archive& archive,
         const RunnerOptions& options = {});
  ~Runner();  // stops
  // Before start().
  void on_result(RunListener listener);
  void start();
  // Returns when the runs under way have ended.
  void stop();
  // Runs the next job that is due, in this thread; false when there is none.
  bool run_one();

 private:
  void work();
  void run(const storage::Job& job, const Assistant& assistant, const RunRequest& request);
  void finish(const storage::Job& job, const RunResult& result);
  void finish_without_draft(const storage::Job& job, const RunResult& result, const NotRun& why);
  // A reading that the end of the program has interrupted.
  void give_back(const storage::Job& job);
  void postpone(const storage::Job& job, const RunResult& result, const LocalizedText& reason);
  void tell(record::Writer& writer, const RunResult& result) const;

  record::Record& record_;
  storage::Queue& queue_;
  Registry& registry_;
  InputLoader loader_;
  const archive::Archive& archive_;
  RunnerOptions options_;
  std::vector<RunListener> listeners_;
  std::vector<std::thread> workers_;
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::engine
