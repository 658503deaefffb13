// Connections that read snapshots beside the writer.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/sqlite/connection.h"

namespace meridian::storage::sqlite {

class ReaderPool {
 public:
  ReaderPool(const DatabaseOptions& options, int cache_kib_each);
  // Waits for a free connection; who came first gets the first. A read within a read of the same thread sees
  // the same snapshot.
  void read(const std::function<void(Connection&)>& function);

 private:
  class Lease;
  struct Waiter {
    std::condition_variable given;
    std::unique_ptr<SqliteConnection> connection;
  };
  std::unique_ptr<SqliteConnection> take();
  void give_back(std::unique_ptr<SqliteConnection> connection);

  std::mutex mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> free_;  // none while somebody waits
  std::deque<Waiter*> waiting_;
};

}  // namespace meridian::storage::sqlite
