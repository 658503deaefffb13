#include "storage/database.h"

#include "storage/postgres/database.h"
#include "storage/sqlite/database.h"

namespace meridian::storage {

std::unique_ptr<Database> open_database(const DatabaseOptions& options) {
  return options.url.empty() ? sqlite::open(options) : postgres::open(options);
}

}  // namespace meridian::storage
