#include "storage/database.h"

#include <map>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/sqlite/writer.h"

namespace meridian::storage {
namespace {

using sqlite::Mode;
using sqlite::SqliteConnection;

constexpr std::string_view kMigrationTable =
    "CREATE TABLE IF NOT EXISTS migration (room TEXT NOT NULL, number INTEGER NOT NULL, applied TEXT NOT "
    "NULL,"
    " PRIMARY KEY (room, number)) WITHOUT ROWID";

// The writer keeps most of the cache: it touches every index page that it changes.
int cache_kib_of(const DatabaseOptions& options, Mode mode) {
  const int all = std::max(1, options.cache_megabytes) * 1024;
  return std::max(256, mode == Mode::read_write ? all / 2 : all / 2 / std::max(1, options.readers));
}

// Statement by statement, so that a script runs through the one door that a Transaction has.
void run_script(Transaction& transaction, std::string_view script) {
  std::string statement;
  for (std::size_t start = 0; start < script.size();) {
    const std::size_t end = std::min(script.find(';', start), script.size());
    statement.append(script.substr(start, end - start)).append(";");
    start = end + 1;
    if (!sqlite3_complete(statement.c_str())) continue;
    if (statement.find_first_not_of(" \n\t;") != std::string::npos) transaction.execute(statement);
    statement.clear();
  }
}

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(const DatabaseOptions& options)
      : options_(options),
        writer_(std::make_unique<SqliteConnection>(options, Mode::read_write,
                                                   cache_kib_of(options, Mode::read_write))),
        readers_(options, cache_kib_of(options, Mode::read_only)) {}

  void migrate(std::span<const Migration> migrations) override {
    write([&](Transaction& transaction) {
      transaction.execute(kMigrationTable);
      refuse_repeated(migrations);
      refuse_newer(transaction, migrations);
      for (const Migration& migration : migrations) apply_once(transaction, migration);
    });
  }

  void backup_to(const std::filesystem::path& file) override {
    SqliteConnection source(options_, Mode::read_only, cache_kib_of(options_, Mode::read_only));
    sqlite::backup(source, file);
  }

  void check_integrity() override {
    SqliteConnection connection(options_, Mode::read_only, cache_kib_of(options_, Mode::read_only));
    sqlite::check_integrity(connection, options_.path);
  }

 protected:
  void write_erased(const std::function<void(Transaction&)>& function) override { writer_.write(function); }
  void read_erased(const std::function<void(Connection&)>& function) override { readers_.read(function); }

 private:
  // Of two with one number the second would never be applied.
  static void refuse_repeated(std::span<const Migration> migrations) {
    std::set<std::pair<std::string_view, int>> known;
    for (const Migration& migration : migrations)
      if (!known.emplace(migration.room, migration.number).second)
        throw Error(ErrorCode::internal, "Two migrations of " + std::string(migration.room) +
                                             " have the number " + std::to_string(migration.number));
  }

  static void refuse_newer(Transaction& transaction, std::span<const Migration> migrations) {
    std::map<std::string_view, int> newest;
    for (const Migration& migration : migrations) {
      int& number = newest[migration.room];
      number = std::max(number, migration.number);
    }
    for (const auto& [room, number] : newest)
      transaction.query("SELECT MAX(number) FROM migration WHERE room = ?", {room},
                        [room = room, number = number](const Row& row) {
                          if (row.integer(0) > number)
                            throw Error(ErrorCode::invalid_configuration,
                                        "The database was written by a newer program: " + std::string(room) +
                                            " has migration " + std::to_string(row.integer(0)) +
                                            ", this program knows " + std::to_string(number),
                                        {}, "Start the newer program, or restore a backup made before it");
                        });
  }

  static void apply_once(Transaction& transaction, const Migration& migration) {
    const std::int64_t number = migration.number;
    const std::string when = format_instant(now());
    if (transaction.execute(
            "INSERT INTO migration (room, number, applied) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            {migration.room, number, std::string_view(when)}) > 0)
      run_script(transaction, migration.sql);
  }

  const DatabaseOptions options_;
  sqlite::GroupCommitWriter writer_;
  sqlite::ReaderPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_database(const DatabaseOptions& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace meridian::storage
