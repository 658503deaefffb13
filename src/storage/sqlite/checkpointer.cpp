#include "storage/sqlite/checkpointer.h"

#include "base/log.h"

namespace meridian::storage::sqlite {
namespace {

// 64 MiB of log: imports change the same index pages again and again.
constexpr int kCheckpointPages = 16'000;

// A checkpoint that failed is made again when the log has grown; nothing that was committed depends on it.
void checkpoint(SqliteConnection& connection) {
  const int result =
      sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (result != SQLITE_OK && (result & 0xFF) != SQLITE_BUSY)
    log_error("checkpoint-failed", {{"reason", sqlite3_errmsg(connection.handle())}});
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), next_at_(kCheckpointPages), thread_([this] { work(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void Checkpointer::watch(SqliteConnection& writer) {
  const auto note = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Checkpointer*>(self)->note_log(pages);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writer.handle(), note, this);
}

void Checkpointer::note_log(int pages) {
  {
    const std::lock_guard lock(mutex_);
    if (pages < kCheckpointPages) next_at_ = kCheckpointPages;  // it began again
    if (stage_ != Stage::idle || pages < next_at_) return;
    stage_ = Stage::asked;
    next_at_ = pages + kCheckpointPages;
  }
  asked_.notify_one();
}

void Checkpointer::finish_on(SqliteConnection& writer) {
  {
    const std::lock_guard lock(mutex_);
    if (stage_ != Stage::nearly_done) return;
    stage_ = Stage::idle;
  }
  checkpoint(writer);
}

void Checkpointer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    asked_.wait(lock, [&] { return stopping_ || stage_ == Stage::asked; });
    if (stopping_) return;
    lock.unlock();
    checkpoint(*connection_);
    lock.lock();
    stage_ = Stage::nearly_done;
  }
}

}  // namespace meridian::storage::sqlite
