// How a database comes to have the tables that a program expects, whichever database it is.
#pragma once
#include <span>

#include "storage/database.h"

namespace meridian::storage {

// The table in which the applied migrations are kept, each with the checksum of its SQL.
extern const std::string_view kMigrationTable;

enum class Engine { sqlite, postgres };
// As Database::migrate, within one transaction.
void apply_migrations(Transaction& transaction, std::span<const Migration> migrations, Engine engine);

// The error for a database whose tables are not those that this program would have made.
[[noreturn]] void fail_other_tables(const std::string& what);

}  // namespace meridian::storage
