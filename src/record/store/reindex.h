// Keeps index rows in step with the program that reads them.
#pragma once
#include "record/record.h"

namespace meridian::record {

// Extracts all index rows anew when the database was indexed with other definitions or by another version of
// the extraction than this program's. What is interrupted goes on where it was with the next start; nodes
// that share a database share the work.
void reindex_when_needed(storage::Database& database, const RecordOptions& options);

}  // namespace meridian::record
