#include "record/operations/validate.h"

#include "base/error.h"
#include "record/definitions/definitions.h"
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

// FHIR R4, Resource-validate: the parameters beside the resource, which may be
// as wrong as it likes.
OperationCall parameters_beside(const OperationCall& call) {
  OperationCall asked{call.type, call.id, call.query, {}};
  if (!is_wrapped(call)) return asked;
  asked.body = Json::object({{"resourceType", "Parameters"}});
  for (const Json& parameter : items_of(call.body, "parameter"))
    if (parameter.text("name") != "resource") asked.body["parameter"].push_back(parameter);
  return asked;
}

// What the record holds, as far as the one who asks may see it.
References references_for(const OperationContext& context) {
  return [&context](std::string_view reference) -> std::shared_ptr<const Json> {
    const std::string base = context.options.base_url + "/";
    if (reference.starts_with(base)) reference.remove_prefix(base.size());
    const std::size_t slash = reference.find('/');
    const std::string type(reference.substr(0, slash));
    if (slash == std::string_view::npos || !is_resource_type(type) ||
        !trust::role_may(context.principal.role, trust::Act::read, type))
      return nullptr;
    const auto found = find_newest(context.connection, type, reference.substr(slash + 1));
    if (!found || found->version.deleted ||
        !may_see_resource(context.connection, context.principal, found->key))
      return nullptr;
    return std::make_shared<const Json>(Json::parse(found->version.body));
  };
}

void require_address(const OperationCall& call, const std::string& mode) {
  if (call.id.empty())
    throw Error(ErrorCode::invalid_request, "Of which resource is not said", "mode",
                "With mode=" + mode + " the address names it: " + call.type + "/ID/$validate");
}

// A write of the resource, as the one who asks, but for what only the writer's
// transaction can tell.
void require_writable(const OperationContext& context, const Json& resource) {
  const std::string type = resource.text("resourceType");
  require_role(context.principal, trust::Act::write, type);
  Json copy = resource;
  if (copy.text("id").empty()) copy["id"] = "new";
  const Prepared prepared = prepare(copy, context.options);
  for (const std::string& patient : prepared.belonging.patients)
    if (patient != type + "/" + prepared.id)
      trust::require(context.connection, context.principal, trust::Act::write, type, patient);
}

void require_update(const OperationContext& context, const OperationCall& call, const Json& resource) {
  if (resource.text("id") != call.id)
    throw Error(ErrorCode::invalid_request, "The resource's id is not the one in the address",
                call.type + ".id");
  require_writable(context, resource);
  if (const auto newest = find_newest(context.connection, call.type, call.id);
      newest && !may_see_resource(context.connection, context.principal, newest->key))
    throw Error(ErrorCode::forbidden, "You may not change " + call.type + "/" + call.id);
}

// What the act throws, as an issue among the others.
template <class Act>
void add_refusal(std::vector<Issue>& issues, Act act) {
  try {
    act();
  } catch (const Error& error) {
    if (traits(error.code()).http_status >= 500) throw;
    issues.push_back(
        {Issue::Severity::error, std::string(traits(error.code()).fhir_issue), error.what(), error.where()});
  }
}

std::string validate_removal(const OperationContext& context, const OperationCall& call) {
  require_address(call, "delete");
  std::vector<Issue> issues;
  add_refusal(issues, [&] {
    require_role(context.principal, trust::Act::remove, call.type);
    require_readable(context.connection, context.principal, call.type, call.id);
  });
  return operation_outcome(issues).dump();
}

}  // namespace

std::string validate_resource(const OperationContext& context, const OperationCall& call) {
  const OperationCall beside = parameters_beside(call);
  const OperationInput input(beside, {"profile", "mode"}, {}, {"usageContext"});
  const std::string mode = input.text("mode");
  if (mode == "delete") return validate_removal(context, call);
  const bool known = mode.empty() || mode == "create" || mode == "update" || mode == "profile";
  if (!known) throw Error(ErrorCode::invalid_value, "mode is create, update, delete or profile", "mode");
  if (mode == "profile") input.required("profile");
  if (mode == "update" || mode == "profile") require_address(call, mode);
  const Json resource = resource_meant(context, call);
  require_resource_type(resource, call.type);
  const References references = references_for(context);
  std::vector<Issue> issues = validate(resource, context.canonicals, input.texts("profile"), &references);
  if (!has_errors(issues) && mode == "create")
    add_refusal(issues, [&] { require_writable(context, resource); });
  if (!has_errors(issues) && mode == "update")
    add_refusal(issues, [&] { require_update(context, call, resource); });
  return operation_outcome(issues).dump();
}

}  // namespace meridian::record
