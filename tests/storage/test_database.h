// Where the database of a test is: where it would be in a node, or, when tools/with_postgresql.sh runs the
// tests, in a schema of that PostgreSQL, which the file's name gives.
#pragma once
#include <cstdlib>

#include "base/encoding.h"
#include "storage/database.h"

namespace meridian::storage {

inline std::string test_url() {
  const char* url = std::getenv("MERIDIAN_TEST_DATABASE");
  return url ? url : "";
}

inline DatabaseOptions test_database(DatabaseOptions options) {
  options.url = test_url();
  options.schema = "test_" + to_hex(sha256(options.path.string())).substr(0, 32);
  return options;
}

}  // namespace meridian::storage

#define MERIDIAN_SKIP_ON_POSTGRESQL() \
  if (!meridian::storage::test_url().empty()) GTEST_SKIP() << "of SQLite's file"
