// SQLite's result codes in the project's own errors.
#pragma once
#include <sqlite3.h>

#include <string>

namespace meridian::storage::sqlite {

// Throws an Error for a result code that is not success. what: what was being done, "commit".
[[noreturn]] void fail(sqlite3* handle, int result, const std::string& what);
inline void check(sqlite3* handle, int result, const std::string& what) {
  if (result != SQLITE_OK) fail(handle, result, what);
}

}  // namespace meridian::storage::sqlite
