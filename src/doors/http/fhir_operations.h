// FHIR's operations: addresses that end with a $name.
#pragma once
#include "doors/http/message.h"
#include "record/record.h"

namespace meridian::doors::http {

// $validate, of the resource in the body, by itself or as a parameter, or of the one at the address.
Response validate_operation(record::Record& record, Request& request);
// Patient/ID/$everything.
Response everything_operation(record::Record& record, Request& request);
// Observation/$lastn.
Response last_n_operation(record::Record& record, Request& request);

// Throws invalid_request when the resource is not of the type that the address names.
void require_type(const Json& resource, const std::string& type);

}  // namespace meridian::doors::http
