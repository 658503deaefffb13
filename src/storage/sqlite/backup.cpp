#include "storage/sqlite/backup.h"

#include <cstring>

#include "base/error.h"
#include "storage/folder.h"
#include "storage/sqlite/error.h"

namespace meridian::storage::sqlite {
namespace {

// In one step, which holds a snapshot of the source and no lock that a writer would wait for.
void copy(SqliteConnection& source, sqlite3* target) {
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source.handle(), "main");
  if (!backup) fail(target, sqlite3_errcode(target), "begin a backup");
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE) fail(target, stepped, "copy itself");
  check(target, finished, "finish a backup");
  // A copy in one file: with a write-ahead log it would come apart when moved.
  check(target, sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr),
        "close the copy's log");
}

void copy_to_file(SqliteConnection& source, const std::filesystem::path& file) {
  sqlite3* target = nullptr;
  const int result =
      sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> closed_at_end(target, sqlite3_close);
  check(target, result, "open " + file.string());
  copy(source, target);
}

}  // namespace

void backup(SqliteConnection& source, const std::filesystem::path& file) {
  if (std::filesystem::exists(file))
    throw Error(ErrorCode::conflict, "There is a file of this name already", file.string(),
                "Name another file");
  const std::filesystem::path unfinished = file.string() + ".unfinished";
  std::filesystem::remove(unfinished);
  try {
    copy_to_file(source, unfinished);
    sync_file(unfinished);
    move_durably(unfinished, file);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw;
  }
}

void check_integrity(SqliteConnection& connection, const std::filesystem::path& path) {
  std::string found;
  connection.run("PRAGMA integrity_check(5)", {}, [&](const Row& row) {
    if (row.text(0) != "ok") found.append(found.empty() ? "" : "; ").append(row.text(0));
    return true;
  });
  if (!found.empty())
    throw Error(ErrorCode::corrupted, "The database is damaged: " + found, path.string(),
                "Restore the newest backup");
}

}  // namespace meridian::storage::sqlite
