// Errors as clients see them: a FHIR OperationOutcome, for every address alike.
#pragma once
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "doors/http/message.h"

namespace meridian::doors::http {

// {severity: error, code, diagnostics (what), expression (where), details.text (what to do)}.
Json outcome_of(const Error& error);
Response error_response(const Error& error);
// The outcome with the error's status: for more issues than the error names.
Response error_response(const Error& error, const Json& outcome);
// For what HTTP itself refuses, with statuses that the table of errors does not have.
Response protocol_error(int status, const std::string& what, const std::string& advice = {});

}  // namespace meridian::doors::http
