// A database in one file.
#pragma once
#include <memory>

#include "storage/database.h"

namespace meridian::storage::sqlite {

// Throws unavailable or corrupted.
std::unique_ptr<Database> open(const DatabaseOptions& options);

}  // namespace meridian::storage::sqlite
