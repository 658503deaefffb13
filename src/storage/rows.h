// Rows for a table that cost less than one by one.
#pragma once
#include <span>
#include <string_view>

#include "storage/database.h"

namespace meridian::storage {

enum class ColumnKind { integer, real, text };

// values: row by row, each of the table's columns in their order, of the kind given or null.
struct Rows {
  std::string_view table;
  std::span<const ColumnKind> columns;
  std::span<const Value> values;
};

// Inserts them, as Transaction::send does: to PostgreSQL they go as one statement.
void send_rows(Transaction& transaction, const Rows& rows);

// As Transaction::send, for what SQLite writes dearly a little at a time (FTS5): it keeps the statement until
// another names the table, and at the latest until the writes beside this one are committed with it. values:
// whole numbers and texts.
void send_late(Transaction& transaction, std::string_view table, std::string_view sql,
               std::span<const Value> values);

}  // namespace meridian::storage
