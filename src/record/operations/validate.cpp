#include "record/operations/validate.h"

#include "base/error.h"
#include "record/operations/input.h"
#include "record/profiles/profile_validator.h"
#include "record/store/prepared.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// The body of Parameters/$validate may be itself what is to be validated.
bool is_wrapped(const OperationCall& call) {
  if (call.body.text("resourceType") != "Parameters") return false;
  for (const Json& parameter : items_of(call.body, "parameter"))
    if (parameter.text("name") == "resource" && parameter.contains("resource")) return true;
  return call.type != "Parameters";
}

const Json* wrapped_resource(const Json& body) {
  for (const Json& parameter : items_of(body, "parameter"))
    if (parameter.text("name") == "resource") return parameter.find("resource");
  return nullptr;
}

Json resource_meant(const OperationContext& context, const OperationCall& call) {
  const Json* given = is_wrapped(call)      ? wrapped_resource(call.body)
                      : call.body.is_null() ? nullptr
                                            : &call.body;
  if (given) return *given;
  if (call.id.empty())
    throw Error(ErrorCode::invalid_request, "There is nothing to validate", {},
                "Send a resource, or Parameters with the parameter \"resource\"");
  require_role(context.principal, trust::Act::read, call.type);
  return Json::parse(
      require_readable(context.connection, context.principal, call.type, call.id).version.body);
}

// FHIR R4, Resource-validate: the parameters beside the resource, which may be as wrong as it likes.
std::vector<std::string> profiles_named(const OperationCall& call) {
  OperationCall asked{call.type, call.id, call.query, {}};
  if (is_wrapped(call)) {
    asked.body = Json::object({{"resourceType", "Parameters"}});
    for (const Json& parameter : items_of(call.body, "parameter"))
      if (parameter.text("name") != "resource") asked.body["parameter"].push_back(parameter);
  }
  const OperationInput input(asked, {"profile"}, {}, {"mode", "usageContext"});
  return input.texts("profile");
}

}  // namespace

std::string validate_resource(const OperationContext& context, const OperationCall& call) {
  const Json resource = resource_meant(context, call);
  require_resource_type(resource, call.type);
  return operation_outcome(validate(resource, context.canonicals, profiles_named(call))).dump();
}

}  // namespace meridian::record
