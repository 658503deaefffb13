// SQL behind one interface: SQLite for a clinic, PostgreSQL beyond one machine.
//
// One writer with group commit: write() calls of many threads that wait at the same time are executed one
// after another, each in a savepoint of its own, and become durable with one commit and one fsync. Of several
// processes that share a PostgreSQL, one writes at a time. A pool of readers gives consistent snapshots that
// never wait for the writer.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace meridian::storage {

struct Blob {
  std::string_view bytes;
};
// What is bound to a parameter. Text and bytes must live until the statement has run.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Blob>;

// One row of a result, valid until the next is asked for. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // also the bytes of a blob
};

// SQL with ? for parameters, in the part of the language that SQLite and PostgreSQL share;
// postgres/sql_text.h has the few words that differ. Comparisons of text are of bytes, those of LIKE without
// the case of ASCII letters.
class Connection {
 public:
  virtual ~Connection() = default;
  // Runs a statement and calls each_row for its rows until that returns false. Returns the rows changed.
  // Statements are prepared once and kept. Throws conflict (a broken constraint), storage_full, corrupted,
  // busy, too_large, invalid_value (text that PostgreSQL cannot hold), unavailable or internal. After that a
  // write can do nothing more.
  virtual std::int64_t run(std::string_view sql, std::span<const Value> values,
                           const std::function<bool(const Row&)>& each_row) = 0;

  std::int64_t execute(std::string_view sql, std::initializer_list<Value> values = {}) {
    return run(sql, {values.begin(), values.size()}, [](const Row&) { return true; });
  }
  void query(std::string_view sql, std::initializer_list<Value> values,
             const std::function<void(const Row&)>& each_row) {
    run(sql, {values.begin(), values.size()}, [&](const Row& row) { return each_row(row), true; });
  }
  // Whether there was a row; each_row sees the first only.
  bool query_first(std::string_view sql, std::initializer_list<Value> values,
                   const std::function<void(const Row&)>& each_row) {
    bool found = false;
    run(sql, {values.begin(), values.size()},
        [&](const Row& row) { return each_row(row), found = true, false; });
    return found;
  }
};

// A Connection whose changes become durable together, or not at all.
class Transaction : public Connection {
 public:
  // As execute, for who asks for no answer: statements may be sent on together. What one throws may come out
  // of a later call, or of write() itself.
  virtual void send(std::string_view sql, std::span<const Value> values) = 0;
  void send(std::string_view sql, std::initializer_list<Value> values) {
    send(sql, std::span<const Value>(values.begin(), values.size()));
  }
  // Called once the changes are on disk, on the thread that called write(); not called when they are undone.
  virtual void after_commit(std::function<void()> action) = 0;
};

// A change of the schema that a room makes. Numbers count from 1 within the room and never change.
struct Migration {
  std::string_view room;
  int number;
  std::string_view sql;               // several statements
  std::string_view on_postgres = {};  // where they are others there; empty: the same
};

struct DatabaseOptions {
  std::filesystem::path path;  // the SQLite file; its folder exists
  std::string url;             // postgresql://...; empty: SQLite
  std::string schema;          // of PostgreSQL, made when missing
  int readers = 4;
  int cache_megabytes = 64;  // of all connections of SQLite together
  bool synchronous = true;   // false only in tests that do not look at durability
};

class Database {
 public:
  virtual ~Database() = default;
  // Applies each migration once, in the order given. Throws invalid_configuration, saying what to do, for a
  // database newer than the program, and for one to which other migrations were applied under these numbers.
  virtual void migrate(std::span<const Migration> migrations) = 0;

  // Calls the function with a Transaction and returns its result when all it wrote is durable. When it
  // throws, nothing of it is kept and the exception comes out here. Must not be called from within itself.
  template <class Function>
  auto write(Function&& function) -> std::invoke_result_t<Function, Transaction&> {
    using Result = std::invoke_result_t<Function, Transaction&>;
    if constexpr (std::is_void_v<Result>) {
      write_erased([&](Transaction& transaction) { function(transaction); });
    } else {
      std::optional<Result> result;
      write_erased([&](Transaction& transaction) { result.emplace(function(transaction)); });
      return std::move(*result);
    }
  }
  // Calls the function with a snapshot of what was durable when it began.
  template <class Function>
  auto read(Function&& function) -> std::invoke_result_t<Function, Connection&> {
    using Result = std::invoke_result_t<Function, Connection&>;
    if constexpr (std::is_void_v<Result>) {
      read_erased([&](Connection& connection) { function(connection); });
    } else {
      std::optional<Result> result;
      read_erased([&](Connection& connection) { result.emplace(function(connection)); });
      return std::move(*result);
    }
  }
  // A copy of the whole database as of one moment, made while it is in use. Throws not_supported for
  // PostgreSQL, whose own programs do this and what follows.
  virtual void backup_to(const std::filesystem::path& file) = 0;
  // Throws corrupted, naming what is wrong.
  virtual void check_integrity() = 0;

 protected:
  virtual void write_erased(const std::function<void(Transaction&)>& function) = 0;
  virtual void read_erased(const std::function<void(Connection&)>& function) = 0;
};

// Throws unavailable, corrupted, or invalid_configuration for a PostgreSQL older than 15 or not in UTF-8.
std::unique_ptr<Database> open_database(const DatabaseOptions& options);

}  // namespace meridian::storage
