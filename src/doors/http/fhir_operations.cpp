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
  auto captured = request.captured.begin();
  call.type = operation.type.empty() ? *captured++ : operation.type;
  if (captured != request.captured.end()) call.id = *captured;
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
    if (operation.on_instance) add(operation, fmt::format("/fhir/{}/{{id}}/${}", type, operation.name));
  }
}

}  // namespace meridian::doors::http
