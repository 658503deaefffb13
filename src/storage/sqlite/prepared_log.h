// The write-ahead log of a SQLite file, grown before it is needed.
#pragma once
#include <cstdint>
#include <filesystem>

#include "storage/sqlite/connection.h"

namespace meridian::storage::sqlite {

// Fills the log up with zeros to so many bytes, which SQLite takes for no frames: what it writes over them
// changes no metadata of the file system, so that a commit's sync is a write and a flush. A log that cannot
// be grown stays as it is, and grows with each commit.
void prepare_log(SqliteConnection& writer, const std::filesystem::path& database, std::uint64_t bytes);

}  // namespace meridian::storage::sqlite
