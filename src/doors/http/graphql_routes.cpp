// Reading with GraphQL (FHIR R4, graphql.html).
#include "doors/http/fhir_exchange.h"
#include "doors/http/media_type.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

// {"query": ..., "variables": ...}, or the query itself as application/graphql.
Json body_of(Request& request) {
  if (request.body.size() == 0) return {};
  if (MediaType::parse(request.headers.get("Content-Type")).name == "application/graphql")
    return Json::object({{"query", request.body.take()}});
  return request.json();
}

Response answer(record::Record& record, Request& request) {
  record::OperationCall call;
  if (request.captured.size() == 2) {
    call.type = request.captured[0];
    call.id = request.captured[1];
  }
  call.query = operation_parameters(request);
  call.body = body_of(request);
  return Response::text(record.operate(request.principal(), "graphql", call), "application/json");
}

}  // namespace

void add_graphql_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  for (const char* address : {"/fhir/$graphql", "/fhir/{type}/{id}/$graphql"})
    for (const Method method : {Method::get, Method::post})
      router.add(method, address, Permission::signed_in(),
                 [&record = services.record](Request& request) { return answer(record, request); },
                 {.largest_body = largest_upload});
}

}  // namespace meridian::doors::http
