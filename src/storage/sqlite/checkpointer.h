// Brings what was committed from SQLite's log into the database file, beside the thread that writes.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/sqlite/connection.h"

namespace meridian::storage::sqlite {

class Checkpointer {
 public:
  explicit Checkpointer(std::unique_ptr<SqliteConnection> connection);
  ~Checkpointer();

  // Watches the log that the writer's commits make.
  void watch(SqliteConnection& writer);
  // Between two transactions of the writer: when most of the log has been brought over, brings the rest,
  // after which the log begins again at its start, so that it does not grow for ever while there is always
  // something to write.
  void finish_on(SqliteConnection& writer);

 private:
  // After each commit: how many pages the log has now.
  void note_log(int pages);
  void work();

  std::unique_ptr<SqliteConnection> connection_;
  std::mutex mutex_;
  std::condition_variable asked_;
  enum class Stage { idle, asked, nearly_done } stage_ = Stage::idle;
  int next_at_;  // pages in the log
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace meridian::storage::sqlite
