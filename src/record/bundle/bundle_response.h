// The entries of a response bundle.
#pragma once
#include "base/error.h"
#include "record/record.h"

namespace meridian::record {

Json written_response(const Version& version, Returned returned);
// An OperationOutcome that says what was done.
Json outcome_of_success(const Version& version);
Json read_response(Json resource);
Json not_modified_response(const Version& version);
Json error_response(const Error& error);
Json response_bundle(const char* type, Json::Array entries);

}  // namespace meridian::record
