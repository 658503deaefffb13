#include "storage/sqlite/words.h"

#include <string>

#include "storage/sqlite/error.h"

namespace meridian::storage::sqlite {
namespace {

using Function = void(sqlite3_context*, int, sqlite3_value**);

std::string text_of(sqlite3_value* value) {
  const unsigned char* text = sqlite3_value_text(value);
  return text ? reinterpret_cast<const char*>(text) : "";
}

void give(sqlite3_context* context, const std::string& text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// The first argument of these two is the configuration of PostgreSQL's search.
void to_tsvector(sqlite3_context* context, int, sqlite3_value** arguments) {
  sqlite3_result_value(context, arguments[1]);
}
void phraseto_tsquery(sqlite3_context* context, int, sqlite3_value** arguments) {
  give(context, '"' + text_of(arguments[1]) + '"');
}

void tsquery_and(sqlite3_context* context, int, sqlite3_value** arguments) {
  give(context, "(" + text_of(arguments[0]) + " AND " + text_of(arguments[1]) + ")");
}
void tsquery_or(sqlite3_context* context, int, sqlite3_value** arguments) {
  give(context, "(" + text_of(arguments[0]) + " OR " + text_of(arguments[1]) + ")");
}

void define(sqlite3* handle, const char* name, Function* function) {
  check(handle,
        sqlite3_create_function_v2(handle, name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                   nullptr, function, nullptr, nullptr, nullptr),
        std::string("define ") + name);
}

}  // namespace

void define_word_functions(sqlite3* handle) {
  define(handle, "to_tsvector", to_tsvector);
  define(handle, "phraseto_tsquery", phraseto_tsquery);
  define(handle, "tsquery_and", tsquery_and);
  define(handle, "tsquery_or", tsquery_or);
}

}  // namespace meridian::storage::sqlite
