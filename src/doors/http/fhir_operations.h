// FHIR's operations: addresses that end with a $name. Which there are, record/operations/operation.h says.
#pragma once
#include "doors/http/router.h"
#include "record/record.h"

namespace meridian::doors::http {

// Each of them by GET and POST, of a type and of an instance as it is defined.
void add_fhir_operations(Router& router, record::Record& record, RouteOptions options);

}  // namespace meridian::doors::http
