// A schema of a PostgreSQL database, which several nodes may share.
#pragma once
#include <memory>

#include "storage/database.h"

namespace meridian::storage::postgres {

// Throws unavailable or invalid_configuration.
std::unique_ptr<Database> open(const DatabaseOptions& options);

}  // namespace meridian::storage::postgres
