#include "storage/sqlite/error.h"

#include "base/error.h"

namespace meridian::storage::sqlite {
namespace {

struct Meaning {
  ErrorCode code;
  const char* advice;
};

Meaning meaning_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_CONSTRAINT:
      return {ErrorCode::conflict, ""};
    case SQLITE_FULL:
      return {ErrorCode::storage_full, "Free space on the disk of the data folder"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::corrupted, "Restore the newest backup"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::busy, "Another program holds the database; try again"};
    case SQLITE_TOOBIG:
      return {ErrorCode::too_large, ""};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::unavailable, "Check that the data folder exists and may be written"};
    case SQLITE_IOERR:
      return {ErrorCode::unavailable, "Check the disk of the data folder"};
    default:
      return {ErrorCode::internal, ""};
  }
}

}  // namespace

void fail(sqlite3* handle, int result, const std::string& what) {
  const Meaning meaning = meaning_of(result);
  const std::string reason = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
  throw Error(meaning.code, "The database could not " + what + ": " + reason, {}, meaning.advice);
}

}  // namespace meridian::storage::sqlite
