#include "storage/postgres/error.h"

#include <string_view>

namespace meridian::storage::postgres {
namespace {

struct Meaning {
  std::string_view state;  // PostgreSQL 15, appendix A; the class where the rest is left out
  ErrorCode code;
  const char* advice;
};

// The first that fits.
constexpr Meaning kMeanings[] = {
    {"08P01", ErrorCode::internal, ""},
    {"08", ErrorCode::unavailable, "Check that PostgreSQL runs"},
    {"22021", ErrorCode::invalid_value, "Leave out what is not UTF-8, and NUL"},
    {"22003", ErrorCode::invalid_value, ""},
    {"23", ErrorCode::conflict, ""},
    {"25006", ErrorCode::unavailable, "This PostgreSQL may only be read: name the primary one"},
    {"28", ErrorCode::invalid_configuration, "Check the user and password of database.url"},
    {"3D000", ErrorCode::invalid_configuration, "Make the database that database.url names"},
    {"40", ErrorCode::busy, "Try again"},
    {"42501", ErrorCode::invalid_configuration, "Give the user of database.url the right to do this"},
    {"53100", ErrorCode::storage_full, "Free space on the disk of PostgreSQL"},
    {"53", ErrorCode::unavailable, "Give PostgreSQL more memory or connections"},
    {"54", ErrorCode::too_large, ""},
    {"55P03", ErrorCode::busy, "Another node writes for long; try again"},
    {"57", ErrorCode::unavailable, "Check that PostgreSQL runs"},
    {"58", ErrorCode::unavailable, "Check the disk of PostgreSQL"},
    {"XX001", ErrorCode::corrupted, "Restore the newest backup"},
    {"XX002", ErrorCode::corrupted, "Rebuild the index that it names with REINDEX"},
};

Meaning meaning_of(std::string_view state) {
  for (const Meaning& meaning : kMeanings)
    if (state.starts_with(meaning.state)) return meaning;
  return {state, ErrorCode::internal, ""};
}

std::string field(const PGresult& result, int code) {
  const char* text = PQresultErrorField(&result, code);
  return text ? text : "";
}

}  // namespace

Error error_of(const PGresult& result, const std::string& what) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  const Meaning meaning = meaning_of(state);
  if (meaning.code == ErrorCode::invalid_value || meaning.code == ErrorCode::too_large)
    return {meaning.code,
            "The database cannot take a value: " + field(result, PG_DIAG_MESSAGE_PRIMARY),
            {},
            meaning.advice};
  return {
      meaning.code,
      "The database could not " + what + ": " + field(result, PG_DIAG_MESSAGE_PRIMARY) + " (" + state + ")",
      {},
      meaning.advice};
}

Error connection_error(PGconn* connection) {
  std::string reason = PQerrorMessage(connection);
  while (reason.ends_with('\n')) reason.pop_back();
  const bool refused = reason.find("authentication failed") != std::string::npos ||
                       reason.find("does not exist") != std::string::npos;
  const std::string host = PQhost(connection) ? PQhost(connection) : "";
  return {refused ? ErrorCode::invalid_configuration : ErrorCode::unavailable,
          "There is no connection to PostgreSQL: " + reason, host,
          "Check database.url, and that PostgreSQL runs there"};
}

}  // namespace meridian::storage::postgres
