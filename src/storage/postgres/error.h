// PostgreSQL's SQLSTATEs in the project's own errors.
#pragma once
#include <libpq-fe.h>

#include <string>

#include "base/error.h"

namespace meridian::storage::postgres {

// what: what was being done, "run \"SELECT ...\"".
Error error_of(const PGresult& result, const std::string& what);
// The connection is not there, or no longer.
Error connection_error(PGconn* connection);

}  // namespace meridian::storage::postgres
