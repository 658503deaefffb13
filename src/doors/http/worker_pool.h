// Threads for handlers that wait: for the database, a disk, a model.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace meridian::doors::http {

class WorkerPool {
 public:
  WorkerPool(int threads, std::size_t most_waiting);
  ~WorkerPool();  // finishes what waits
  // False when too much waits already. The task must not throw.
  bool submit(std::function<void()> task);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  const std::size_t most_waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace meridian::doors::http
