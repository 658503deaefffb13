// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

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
  void commit() override;
  void roll_back() noexcept override;
  // A disk that is full or broken ends a transaction early.
  bool in_transaction() const override { return sqlite3_get_autocommit(handle_.get()) == 0; }
  Error ended_early() const override;
  void send(std::string_view sql, std::span<const Value> values) override;
  void send_rows(const Rows& rows) override;
  void send_late(std::string_view table, std::string_view sql, std::span<const Value> values) override;
  void begin_part() override;
  void undo_part() override;
  void tell_others(std::string_view, std::string_view, std::string_view) override {}  // there are none
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
  // Statements that wait: all of the transaction, those of parts that were undone taken away.
  struct Late {
    struct Statement {
      std::string sql;
      std::vector<std::variant<std::int64_t, std::string>> values;
    };
    std::vector<Statement> statements;
    std::vector<std::string> tables;  // that they write, each once
    std::size_t done = 0;             // of them, from the first on, are executed
  };

  Statement prepare(std::string_view sql) const;
  Statement& cached(std::string_view sql);
  void evict_oldest();
  bool names_late_table(std::string_view sql) const;
  void run_late();
  // Several statements, none of them kept.
  void execute_script(const std::string& sql);
  std::int64_t step_through(sqlite3_stmt* statement, std::span<const Value> values,
                            const std::function<bool(const Row&)>& each_row);

  const std::string_view begin_;
  Late late_;
  std::size_t late_before_part_ = 0, done_before_part_ = 0;
  std::unique_ptr<sqlite3, CloseHandle> handle_;
  std::list<Statement> statements_;  // the last used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> by_sql_;
};

}  // namespace meridian::storage::sqlite
