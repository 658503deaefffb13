// SQL on FHIR: tables of the record's resources.
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/routes.h"
#include "record/views/run_view.h"

namespace meridian::doors::http {
namespace {

std::string media_type_of(record::TableFormat format) {
  switch (format) {
    case record::TableFormat::csv:
      return "text/csv; charset=utf-8; header=present";
    case record::TableFormat::json:
      return "application/json";
    case record::TableFormat::ndjson:
      break;
  }
  return "application/x-ndjson";
}

// What Accept asks for, where no parameter does.
void add_accepted(record::Parameters& parameters, const Request& request) {
  const std::string asked = request.parameter("_format");
  const std::string_view accept = request.headers.get("Accept");
  if (!asked.empty())
    parameters.emplace_back("_format", asked);
  else if (accept.find("text/csv") != std::string_view::npos)
    parameters.emplace_back("_format", "csv");
}

Response run(record::Record& record, Request& request) {
  record::OperationCall call{"ViewDefinition", {}, operation_parameters(request)};
  add_accepted(call.query, request);
  call.body = resource_of(request);
  const record::TableFormat format = record::table_format(call);
  return Response::text(record.operate(request.principal(), "run", call), media_type_of(format));
}

}  // namespace

void add_view_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  for (const char* name : {"$run", "$viewdefinition-run"})
    router.add(Method::post, std::string("/fhir/ViewDefinition/") + name, Permission::signed_in(),
               [&record = services.record](Request& request) { return run(record, request); },
               {.largest_body = largest_upload});
}

}  // namespace meridian::doors::http
