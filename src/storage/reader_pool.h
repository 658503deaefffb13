// Connections that read snapshots beside the writer.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/session.h"

namespace meridian::storage {

class ReaderPool {
 public:
  explicit ReaderPool(std::vector<std::unique_ptr<Session>> readers) : free_(std::move(readers)) {}
  // Waits for a free connection; who came first gets the first. A read within a read of the same thread sees
  // the same snapshot.
  void read(const std::function<void(Connection&)>& function);

 private:
  class Lease;
  struct Waiter {
    std::condition_variable given;
    std::unique_ptr<Session> session;
  };
  std::unique_ptr<Session> take();
  void give_back(std::unique_ptr<Session> session);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> free_;  // none while somebody waits
  std::deque<Waiter*> waiting_;
};

}  // namespace meridian::storage
