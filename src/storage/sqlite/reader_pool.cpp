#include "storage/sqlite/reader_pool.h"

#include <algorithm>

namespace meridian::storage::sqlite {
namespace {

class Snapshot : public Connection {
 public:
  explicit Snapshot(SqliteConnection& connection) : connection_(connection) { connection_.execute("BEGIN"); }
  ~Snapshot() override {
    if (connection_.in_transaction()) connection_.execute_script("ROLLBACK");
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  std::int64_t run(std::string_view sql, std::span<const Value> values,
                   const std::function<bool(const Row&)>& each_row) override {
    return connection_.run(sql, values, each_row);
  }
  void end() { connection_.execute("COMMIT"); }

 private:
  SqliteConnection& connection_;
};

// The snapshots that this thread is reading now, by pool: seldom more than one.
thread_local std::vector<std::pair<const ReaderPool*, Connection*>> snapshots_of_thread;

Connection* snapshot_of_thread(const ReaderPool* pool) {
  for (const auto& [owner, snapshot] : snapshots_of_thread)
    if (owner == pool) return snapshot;
  return nullptr;
}

}  // namespace

class ReaderPool::Lease {
 public:
  explicit Lease(ReaderPool& pool) : pool_(pool), connection_(pool.take()) {}
  ~Lease() { pool_.give_back(std::move(connection_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  SqliteConnection& connection() { return *connection_; }

 private:
  ReaderPool& pool_;
  std::unique_ptr<SqliteConnection> connection_;
};

ReaderPool::ReaderPool(const DatabaseOptions& options, int cache_kib_each) {
  for (int i = 0; i < std::max(1, options.readers); ++i)
    free_.push_back(std::make_unique<SqliteConnection>(options, Mode::read_only, cache_kib_each));
}

std::unique_ptr<SqliteConnection> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  if (!free_.empty()) {
    std::unique_ptr<SqliteConnection> connection = std::move(free_.back());
    free_.pop_back();
    return connection;
  }
  Waiter waiter;
  waiting_.push_back(&waiter);
  waiter.given.wait(lock, [&] { return waiter.connection != nullptr; });
  return std::move(waiter.connection);
}

// Handed over, not put where a newcomer would take it before those who wait.
void ReaderPool::give_back(std::unique_ptr<SqliteConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    free_.push_back(std::move(connection));
    return;
  }
  Waiter& first = *waiting_.front();
  waiting_.pop_front();
  first.connection = std::move(connection);
  first.given.notify_one();
}

void ReaderPool::read(const std::function<void(Connection&)>& function) {
  if (Connection* outer = snapshot_of_thread(this)) return function(*outer);
  Lease lease(*this);
  Snapshot snapshot(lease.connection());
  struct Registration {
    Registration(const ReaderPool* pool, Connection* snapshot) {
      snapshots_of_thread.emplace_back(pool, snapshot);
    }
    ~Registration() { snapshots_of_thread.pop_back(); }
  } const registration(this, &snapshot);
  function(snapshot);
  snapshot.end();
}

}  // namespace meridian::storage::sqlite
