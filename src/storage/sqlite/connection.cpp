#include "storage/sqlite/connection.h"

#include <algorithm>
#include <type_traits>

#include "base/error.h"
#include "base/log.h"
#include "storage/sqlite/error.h"
#include "storage/sqlite/words.h"

namespace meridian::storage::sqlite {
namespace {

constexpr std::size_t kStatementsKept = 300;
constexpr int kBusyMilliseconds = 10'000;

class SqliteRow : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(bytes), bytes ? static_cast<std::size_t>(size) : 0};
  }

 private:
  sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int position, const Value& value) {
  return std::visit(
      [&](const auto& bound) {
        using T = std::decay_t<decltype(bound)>;
        if constexpr (std::is_same_v<T, std::nullptr_t>) return sqlite3_bind_null(statement, position);
        if constexpr (std::is_same_v<T, std::int64_t>) return sqlite3_bind_int64(statement, position, bound);
        if constexpr (std::is_same_v<T, double>) return sqlite3_bind_double(statement, position, bound);
        if constexpr (std::is_same_v<T, std::string_view>)
          return sqlite3_bind_text64(statement, position, bound.data() ? bound.data() : "", bound.size(),
                                     SQLITE_STATIC, SQLITE_UTF8);
        if constexpr (std::is_same_v<T, Blob>)
          return sqlite3_bind_blob64(statement, position, bound.bytes.data() ? bound.bytes.data() : "",
                                     bound.bytes.size(), SQLITE_STATIC);
      },
      value);
}

}  // namespace

// While it lives, the statement is not given to anybody else; then it is ready for its next use.
class SqliteConnection::Use {
 public:
  explicit Use(Statement& statement) : statement_(statement) { statement_.running = true; }
  ~Use() {
    sqlite3_reset(statement_.prepared.get());
    sqlite3_clear_bindings(statement_.prepared.get());
    statement_.running = false;
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  Statement& statement_;
};

SqliteConnection::SqliteConnection(const DatabaseOptions& options, Mode mode, int cache_kib)
    : begin_(mode == Mode::read_write ? "BEGIN IMMEDIATE" : "BEGIN") {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (mode == Mode::read_write ? SQLITE_OPEN_CREATE : 0) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(options.path.c_str(), &opened, flags, nullptr);
  handle_.reset(opened);
  check(opened, result, "open " + options.path.string());
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  define_word_functions(opened);
  // Debian's SQLite overwrites what is erased with zeros, a tenth of an import's time: what is erased here
  // are index rows, done jobs and the like, for every version of a resource is kept.
  execute_script(
      "PRAGMA secure_delete=OFF; PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; "
      "PRAGMA temp_store=MEMORY;"
      "PRAGMA cache_size=-" +
      std::to_string(cache_kib) +
      "; PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=" + (options.synchronous ? "FULL" : "OFF") + ";" +
      (mode == Mode::read_only ? "PRAGMA query_only=ON;" : ""));
}

SqliteConnection::~SqliteConnection() = default;

SqliteConnection::Statement SqliteConnection::prepare(std::string_view sql) const {
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int result = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, &rest);
  Statement statement{std::string(sql), std::unique_ptr<sqlite3_stmt, FinalizeStatement>(prepared)};
  check(handle_.get(), result, "prepare \"" + statement.sql + "\"");
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (!prepared || left.find_first_not_of(" \n\t;") != std::string_view::npos)
    throw Error(ErrorCode::internal, "This is not one SQL statement: " + statement.sql);
  return statement;
}

SqliteConnection::Statement& SqliteConnection::cached(std::string_view sql) {
  const auto found = by_sql_.find(sql);
  if (found != by_sql_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return statements_.front();
  }
  if (statements_.size() >= kStatementsKept) evict_oldest();
  statements_.push_front(prepare(sql));
  by_sql_.emplace(statements_.front().sql, statements_.begin());
  return statements_.front();
}

void SqliteConnection::evict_oldest() {
  for (auto oldest = statements_.end(); oldest != statements_.begin();) {
    --oldest;
    if (oldest->running) continue;
    by_sql_.erase(oldest->sql);
    statements_.erase(oldest);
    return;
  }
}

std::int64_t SqliteConnection::run(std::string_view sql, std::span<const Value> values,
                                   const std::function<bool(const Row&)>& each_row) {
  if (late_.done < late_.statements.size() && names_late_table(sql)) run_late();
  Statement& kept = cached(sql);
  if (!kept.running) {
    const Use use(kept);
    return step_through(kept.prepared.get(), values, each_row);
  }
  const Statement second = prepare(sql);
  return step_through(second.prepared.get(), values, each_row);
}

std::int64_t SqliteConnection::step_through(sqlite3_stmt* statement, std::span<const Value> values,
                                            const std::function<bool(const Row&)>& each_row) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != values.size())
    throw Error(
        ErrorCode::internal,
        std::to_string(values.size()) + " values are given for the parameters of: " + sqlite3_sql(statement));
  for (std::size_t i = 0; i < values.size(); ++i)
    check(handle_.get(), bind(statement, static_cast<int>(i) + 1, values[i]), "bind a value");
  const SqliteRow row(statement);
  int result = sqlite3_step(statement);
  while (result == SQLITE_ROW && each_row(row)) result = sqlite3_step(statement);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    fail(handle_.get(), result, std::string("run \"") + sqlite3_sql(statement) + "\"");
  return sqlite3_stmt_readonly(statement) ? 0 : sqlite3_changes64(handle_.get());
}

void SqliteConnection::send(std::string_view sql, std::span<const Value> values) {
  run(sql, values, [](const Row&) { return true; });
}

// Row by row: for a statement of several rows SQLite keeps a journal of the pages that it touches.
void SqliteConnection::send_rows(const Rows& rows) {
  if (rows.values.empty()) return;
  std::string sql = "INSERT INTO " + std::string(rows.table) + " VALUES (?";
  for (std::size_t i = 1; i < rows.columns.size(); ++i) sql += ", ?";
  Statement& statement = cached(sql += ")");
  const auto ignore = [](const Row&) { return true; };
  for (auto left = rows.values; !left.empty(); left = left.subspan(rows.columns.size())) {
    const Use use(statement);
    step_through(statement.prepared.get(), left.first(rows.columns.size()), ignore);
  }
}

void SqliteConnection::send_late(std::string_view table, std::string_view sql,
                                 std::span<const Value> values) {
  if (std::ranges::find(late_.tables, table) == late_.tables.end()) late_.tables.emplace_back(table);
  Late::Statement statement{std::string(sql), {}};
  for (const Value& value : values)
    if (const auto* number = std::get_if<std::int64_t>(&value))
      statement.values.emplace_back(*number);
    else
      statement.values.emplace_back(std::string(std::get<std::string_view>(value)));
  late_.statements.push_back(std::move(statement));
}

// A savepoint within a part is undone together with what was executed in it.
bool SqliteConnection::names_late_table(std::string_view sql) const {
  if (sql.starts_with("SAVEPOINT")) return true;
  return std::ranges::any_of(
      late_.tables, [&](const std::string& table) { return sql.find(table) != std::string_view::npos; });
}

void SqliteConnection::run_late() {
  for (; late_.done < late_.statements.size(); ++late_.done) {
    const Late::Statement& late = late_.statements[late_.done];
    std::vector<Value> values;
    for (const auto& value : late.values)
      std::visit([&](const auto& one) { values.emplace_back(one); }, value);
    Statement& statement = cached(late.sql);
    const Use use(statement);
    step_through(statement.prepared.get(), values, [](const Row&) { return true; });
  }
}

void SqliteConnection::begin_part() {
  Statement& statement = cached("SAVEPOINT one");
  const Use use(statement);
  step_through(statement.prepared.get(), {}, [](const Row&) { return true; });
  late_before_part_ = late_.statements.size();
  done_before_part_ = late_.done;
}

// What was executed within the part for those before it is undone with it.
void SqliteConnection::undo_part() {
  late_.statements.resize(late_before_part_);
  late_.done = done_before_part_;
  Session::undo_part();
}

void SqliteConnection::commit() {
  run_late();
  execute("COMMIT");
  late_ = {};
}

void SqliteConnection::roll_back() noexcept {
  late_ = {};
  if (!in_transaction()) return;
  if (sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK)
    log_error("not-rolled-back", {{"reason", sqlite3_errmsg(handle_.get())}});
}

Error SqliteConnection::ended_early() const {
  return {ErrorCode::storage_full,
          "A write beside this one met a full or broken disk, and all were undone",
          {},
          "Free space on the disk of the data folder, then try again"};
}

void SqliteConnection::execute_script(const std::string& sql) {
  check(handle_.get(), sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr),
        "run \"" + sql + "\"");
}

}  // namespace meridian::storage::sqlite
