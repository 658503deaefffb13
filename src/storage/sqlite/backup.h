// Copies and checks of a whole SQLite database.
#pragma once
#include <filesystem>

#include "storage/sqlite/connection.h"

namespace meridian::storage::sqlite {

// The file appears under its name only when it is whole and on disk. Throws conflict when there is one
// already.
void backup(SqliteConnection& source, const std::filesystem::path& file);
// Throws corrupted with the first things found.
void check_integrity(SqliteConnection& connection, const std::filesystem::path& path);

}  // namespace meridian::storage::sqlite
