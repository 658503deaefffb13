#include "storage/migrations.h"

#include <map>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/time.h"

namespace meridian::storage {

const std::string_view kMigrationTable =
    "CREATE TABLE IF NOT EXISTS migration (room TEXT NOT NULL, number INTEGER NOT NULL, applied TEXT NOT "
    "NULL,"
    " checksum TEXT NOT NULL, PRIMARY KEY (room, number))";

namespace {

std::string name_of(const Migration& migration) {
  return "migration " + std::to_string(migration.number) + " of " + std::string(migration.room);
}

// Of two with one number the second would never be applied.
void refuse_repeated(std::span<const Migration> migrations) {
  std::set<std::pair<std::string_view, int>> known;
  for (const Migration& migration : migrations)
    if (!known.emplace(migration.room, migration.number).second)
      throw Error(ErrorCode::internal, "There are two of " + name_of(migration));
}

void refuse_newer(Transaction& transaction, std::span<const Migration> migrations) {
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

// Statement by statement, at the semicolons that are not within a text.
void run_script(Transaction& transaction, std::string_view script) {
  std::size_t start = 0;
  bool in_text = false;
  for (std::size_t i = 0; i <= script.size(); ++i) {
    if (i < script.size() && script[i] == '\'') in_text = !in_text;
    if (i < script.size() && (script[i] != ';' || in_text)) continue;
    const std::string_view statement = script.substr(start, i - start);
    if (statement.find_first_not_of(" \n\t") != std::string_view::npos) transaction.execute(statement);
    start = i + 1;
  }
}

void apply_once(Transaction& transaction, const Migration& migration, Engine engine) {
  const bool others = engine == Engine::postgres && !migration.on_postgres.empty();
  const std::string_view script = others ? migration.on_postgres : migration.sql;
  const std::int64_t number = migration.number;
  const std::string checksum = to_hex(sha256(script)), when = format_instant(now());
  std::string applied;
  if (transaction.query_first("SELECT checksum FROM migration WHERE room = ? AND number = ?",
                              {migration.room, number}, [&](const Row& row) { applied = row.text(0); })) {
    if (applied != checksum) fail_other_tables("its " + name_of(migration) + " is not this program's");
    return;
  }
  run_script(transaction, script);
  transaction.execute("INSERT INTO migration (room, number, applied, checksum) VALUES (?, ?, ?, ?)",
                      {migration.room, number, when, checksum});
}

}  // namespace

void apply_migrations(Transaction& transaction, std::span<const Migration> migrations, Engine engine) {
  refuse_repeated(migrations);
  refuse_newer(transaction, migrations);
  for (const Migration& migration : migrations) apply_once(transaction, migration, engine);
}

void fail_other_tables(const std::string& what) {
  throw Error(ErrorCode::invalid_configuration,
              "The database was made by another version of the program, whose tables differ: " + what, {},
              "Start the version that made it; or move the data folder aside, start this one with a new "
              "folder, and import again");
}

}  // namespace meridian::storage
