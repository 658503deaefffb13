#include "doors/http/fhir_operations.h"

#include <fmt/format.h>

#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "record/bulk/bulk_data.h"
#include "record/operations/operation.h"

namespace meridian::doors::http {
namespace {

using record::Operation;

Response run(record::Record& record, const Operation& operation, Request& request) {
  record::OperationCall call;
  call.type = request.segments.at(1);  // fhir, the type, an id where there is one, the operation
  if (request.segments.size() > 3) call.id = request.segments[2];
  if (request.body.size() > 0) call.body = resource_of(request);
  call.query = operation_parameters(request);
  if (asks_for_later(request))
    return accepted(record, record.bulk().begin_operation(request.principal(), operation.name, call,
                                                          url_of(request, record)));
  return bundle(record.operate(request.principal(), operation.name, call));
}

}  // namespace

void add_fhir_operations(Router& router, record::Record& record, RouteOptions options) {
  const auto add = [&](const Operation& operation, const std::string& pattern) {
    for (const Method method : {Method::get, Method::post})
      router.add(method, pattern, Permission::signed_in(), in_format([&record, &operation](Request& request) {
                   return run(record, operation, request);
                 }),
                 options);
  };
  for (const Operation& operation : record::operations()) {
    const std::string type = operation.type.empty() ? "{type}" : std::string(operation.type);
    if (operation.on_type) add(operation, fmt::format("/fhir/{}/${}", type, operation.name));
    // Else the operation would be taken for the id of a Binary, whose route has a literal more.
    if (operation.on_type && operation.type.empty())
      add(operation, fmt::format("/fhir/Binary/${}", operation.name));
    if (operation.on_instance) add(operation, fmt::format("/fhir/{}/{{id}}/${}", type, operation.name));
  }
}

}  // namespace meridian::doors::http
