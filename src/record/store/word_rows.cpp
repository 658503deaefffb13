#include "record/store/word_rows.h"

#include <array>

#include "storage/rows.h"

namespace meridian::record {

// FTS5 writes what it holds at every savepoint: late, a batch of writes costs one piece.
void send_words(storage::Transaction& transaction, std::int64_t resource, const WrittenWords& words,
                bool erased) {
  const std::array<storage::Value, 3> values{resource, words.narrative, words.other};
  storage::send_late(transaction, "word_index",
                     erased ? "INSERT INTO word_index (word_index, rowid, narrative, other)"
                              " VALUES ('delete', ?, to_tsvector('simple', ?), to_tsvector('simple', ?))"
                            : "INSERT INTO word_index (rowid, narrative, other)"
                              " VALUES (?, to_tsvector('simple', ?), to_tsvector('simple', ?))",
                     values);
}

}  // namespace meridian::record
