// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/session.h"

namespace meridian::storage::sqlite {

enum class Mode { read_only, read_write };

class SqliteConnection : public Session {
 public:
  SqliteConnection(const DatabaseOptions& options, Mode mode, int cache_kib);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // each_row may run the same SQL again.
  std::int64_t run(std::string_view sql, std::span<const Value> values,
                   const std::function<bool(const Row&)>& each_row) override;
  void begin() override { execute(begin_); }
  void commit() override { execute("COMMIT"); }
  void roll_back() noexcept override;
  // A disk that is full or broken ends a transaction early.
  bool in_transaction() const override { return sqlite3_get_autocommit(handle_.get()) == 0; }
  Error ended_early() const override;
  void send(std::string_view sql, std::span<const Value> values) override;
  void settle() override {}
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct CloseHandle {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Statement {
    std::string sql;
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> prepared;
    bool running = false;
  };
  class Use;

  Statement prepare(std::string_view sql) const;
  Statement& cached(std::string_view sql);
  void evict_oldest();
  // Several statements, none of them kept.
  void execute_script(const std::string& sql);
  std::int64_t step_through(sqlite3_stmt* statement, std::span<const Value> values,
                            const std::function<bool(const Row&)>& each_row);

  const std::string_view begin_;
  std::unique_ptr<sqlite3, CloseHandle> handle_;
  std::list<Statement> statements_;  // the last used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> by_sql_;
};

}  // namespace meridian::storage::sqlite
