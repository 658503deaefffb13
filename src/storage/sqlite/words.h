// The words that PostgreSQL has for searches of texts, for SQLite: what is asked as
//   x.TABLE MATCH phraseto_tsquery('simple', ?)  and kept as  to_tsvector('simple', ?)
// is so for both, of words in which there are only letters and digits, with blanks between.
#pragma once
#include <sqlite3.h>

namespace meridian::storage::sqlite {

// to_tsvector gives its text, which FTS5 cuts into words by itself; phraseto_tsquery gives it as a phrase of
// FTS5, tsquery_and and tsquery_or two queries as one. Throws what check() throws.
void define_word_functions(sqlite3* handle);

}  // namespace meridian::storage::sqlite
