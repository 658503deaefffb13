#include "doors/http/fhir_operations.h"

#include "base/error.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"

namespace meridian::doors::http {
namespace {

const Json* parameter_of(const Json& parameters, std::string_view name) {
  const Json* list = parameters.find("parameter");
  if (!list || !list->is_array()) return nullptr;
  for (const Json& parameter : list->items())
    if (parameter.text("name") == name) return &parameter;
  return nullptr;
}

void refuse_profiles(const Request& request, const Json& body) {
  if (request.parameter("profile").empty() && !parameter_of(body, "profile")) return;
  throw Error(ErrorCode::not_supported, "Only the definitions of FHIR R4 are validated against, no profiles",
              "profile");
}

Json resource_to_validate(record::Record& record, Request& request) {
  if (request.body.size() == 0) {
    if (request.captured.size() < 2)
      throw Error(ErrorCode::invalid_request, "There is nothing to validate", {}, "Send a resource");
    refuse_profiles(request, {});
    return Json::parse(record.read(request.principal(), request.captured[0], request.captured[1]).body);
  }
  Json body = resource_of(request);
  refuse_profiles(request, body);
  if (body.text("resourceType") != "Parameters") return body;
  const Json* parameter = parameter_of(body, "resource");
  if (parameter && parameter->contains("resource")) return *parameter->find("resource");
  if (request.captured[0] == "Parameters") return body;
  throw Error(ErrorCode::invalid_structure, "The parameter \"resource\" is missing", "Parameters.parameter");
}

}  // namespace

void require_type(const Json& resource, const std::string& type) {
  const std::string found = resource.text("resourceType");
  if (found == type) return;
  throw Error(ErrorCode::invalid_request,
              found.empty() ? "The body has no resourceType"
                            : "The body is a " + found + ", the address is of " + type,
              "resourceType", "Send a " + type);
}

Response validate_operation(record::Record& record, Request& request) {
  const Json resource = resource_to_validate(record, request);
  require_type(resource, request.captured[0]);
  return bundle(record.validate(resource).dump());
}

Response everything_operation(record::Record& record, Request& request) {
  return bundle(record.everything(request.principal(), request.captured[0], search_parameters(request)));
}

Response last_n_operation(record::Record& record, Request& request) {
  return bundle(record.last_n(request.principal(), search_parameters(request)));
}

}  // namespace meridian::doors::http
