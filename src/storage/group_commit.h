// The one thread that writes, and its group commit.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/listeners.h"
#include "storage/session.h"

namespace meridian::storage {

class GroupCommitWriter {
 public:
  GroupCommitWriter(std::unique_ptr<Session> session, std::shared_ptr<Listeners> listeners);
  // Finishes what was asked for before.
  ~GroupCommitWriter();

  // Returns when what the function wrote is durable; throws what it threw. Throws internal on the writer's
  // own thread.
  void write(const std::function<void(Transaction&)>& function);

 private:
  struct Request {
    const std::function<void(Transaction&)>* function;
    std::promise<void> done;
    std::vector<std::function<void()>> after_commit;
    std::exception_ptr failure;  // its own; nothing of it is in the batch then
  };
  using Batch = std::vector<Request*>;
  class BatchedTransaction;

  void work();
  Request* next(bool wait);
  void execute_batch(Request* first);
  // Begins the transaction, without the cost of a savepoint: when it fails, nothing else is undone with it.
  // False then.
  bool execute_first(Request& request);
  void execute_in_savepoint(Request& request);
  void undo_savepoint();
  void commit(const Batch& batch);
  void abandon(const Batch& batch, const std::exception_ptr& reason);

  std::unique_ptr<Session> session_;
  const std::shared_ptr<Listeners> listeners_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<Request*> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace meridian::storage
