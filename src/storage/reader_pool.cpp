#include "storage/reader_pool.h"

namespace meridian::storage {
namespace {

class Snapshot : public Connection {
 public:
  explicit Snapshot(Session& session) : session_(session) { session_.begin(); }
  ~Snapshot() override { session_.roll_back(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  std::int64_t run(std::string_view sql, std::span<const Value> values,
                   const std::function<bool(const Row&)>& each_row) override {
    return session_.run(sql, values, each_row);
  }
  void end() { session_.commit(); }

 private:
  Session& session_;
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
  explicit Lease(ReaderPool& pool) : pool_(pool), session_(pool.take()) {}
  ~Lease() { pool_.give_back(std::move(session_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Session& session() { return *session_; }

 private:
  ReaderPool& pool_;
  std::unique_ptr<Session> session_;
};

std::unique_ptr<Session> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  if (!free_.empty()) {
    std::unique_ptr<Session> session = std::move(free_.back());
    free_.pop_back();
    return session;
  }
  Waiter waiter;
  waiting_.push_back(&waiter);
  waiter.given.wait(lock, [&] { return waiter.session != nullptr; });
  return std::move(waiter.session);
}

// Handed over, not put where a newcomer would take it before those who wait.
void ReaderPool::give_back(std::unique_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    free_.push_back(std::move(session));
    return;
  }
  Waiter& first = *waiting_.front();
  waiting_.pop_front();
  first.session = std::move(session);
  first.given.notify_one();
}

void ReaderPool::read(const std::function<void(Connection&)>& function) {
  if (Connection* outer = snapshot_of_thread(this)) return function(*outer);
  Lease lease(*this);
  Snapshot snapshot(lease.session());
  struct Registration {
    Registration(const ReaderPool* pool, Connection* snapshot) {
      snapshots_of_thread.emplace_back(pool, snapshot);
    }
    ~Registration() { snapshots_of_thread.pop_back(); }
  } const registration(this, &snapshot);
  function(snapshot);
  snapshot.end();
}

}  // namespace meridian::storage
