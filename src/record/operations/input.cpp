#include "record/operations/input.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "record/terminology/canonical_source.h"
#include "record/validation/validator.h"

namespace meridian::record {
namespace {

using Names = std::initializer_list<std::string_view>;

bool is_among(std::string_view name, Names names) {
  return std::ranges::find(names, name) != names.end();
}

void require_known(const std::string& name, Names names, Names unsupported) {
  if (is_among(name, names)) return;
  const std::string shown = "\"" + name.substr(0, 80) + "\"";
  if (is_among(name, unsupported))
    throw Error(ErrorCode::not_supported, "The parameter " + shown + " is not understood here", name);
  throw Error(ErrorCode::invalid_request, "The operation has no parameter " + shown, name.substr(0, 80));
}

const Json* value_member(const Json& parameter) {
  for (const auto& [name, value] : parameter.members())
    if (name.starts_with("value")) return &value;
  return nullptr;
}

[[noreturn]] void fail_value(std::string_view name, const std::string& what) {
  throw Error(ErrorCode::invalid_value, std::string(name) + " must be " + what, std::string(name));
}

std::string text_of(const Json& parameter) {
  const Json* value = value_member(parameter);
  if (!value || value->is_object()) fail_value(parameter.text("name"), "a primitive value");
  return value->is_string() ? value->as_string() : value->dump();
}

void require_parameters(const Json& body) {
  if (body.text("resourceType") != "Parameters")
    throw Error(ErrorCode::invalid_structure, "The body of this operation is FHIR's Parameters",
                "resourceType");
  require_valid(body);
}

}  // namespace

OperationInput::OperationInput(const OperationCall& call, Names names, std::string_view resource,
                               Names unsupported)
    : resource_name_(resource) {
  for (const auto& [name, value] : call.query) {
    require_known(name, names, unsupported);
    given_.push_back({name, nullptr, value});
  }
  if (call.body.is_null()) return;
  if (!resource.empty() && call.body.text("resourceType") != "Parameters") {
    body_resource_ = &call.body;
    return;
  }
  require_parameters(call.body);
  for (const Json& parameter : items_of(call.body, "parameter")) {
    require_known(parameter.text("name"), names, unsupported);
    given_.push_back({parameter.text("name"), &parameter});
  }
}

const OperationInput::Given* OperationInput::find(std::string_view name) const {
  const auto found = std::ranges::find(given_, name, &Given::name);
  return found == given_.end() ? nullptr : &*found;
}

std::string OperationInput::text(std::string_view name) const {
  const Given* given = find(name);
  return !given ? std::string() : given->text ? *given->text : text_of(*given->parameter);
}

std::vector<std::string> OperationInput::texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (const Given& given : given_)
    if (given.name == name) texts.push_back(given.text ? *given.text : text_of(*given.parameter));
  return texts;
}

std::string OperationInput::required(std::string_view name) const {
  std::string value = text(name);
  if (value.empty())
    throw Error(ErrorCode::invalid_request, "The parameter \"" + std::string(name) + "\" is missing",
                std::string(name));
  return value;
}

bool OperationInput::flag(std::string_view name, bool otherwise) const {
  const std::string value = text(name);
  if (value.empty()) return otherwise;
  if (value != "true" && value != "false") fail_value(name, "true or false");
  return value == "true";
}

std::optional<std::int64_t> OperationInput::whole_number(std::string_view name) const {
  const std::string value = text(name);
  if (value.empty()) return {};
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 0)
    fail_value(name, "a whole number from 0");
  return number;
}

std::vector<const Json*> OperationInput::values(std::string_view name, std::string_view type) const {
  std::vector<const Json*> values;
  for (const Given& given : given_) {
    if (given.name != name) continue;
    const Json* value = given.parameter ? given.parameter->find("value" + std::string(type)) : nullptr;
    if (!value) fail_value(name, "a " + std::string(type) + " in a body of Parameters");
    values.push_back(value);
  }
  return values;
}

const Json* OperationInput::value(std::string_view name, std::string_view type) const {
  const std::vector<const Json*> all = values(name, type);
  return all.empty() ? nullptr : all.front();
}

const Json* OperationInput::resource(std::string_view name, std::string_view type) const {
  const Json* found = name == resource_name_ ? body_resource_ : nullptr;
  if (!found)
    if (const Given* given = find(name)) {
      found = given->parameter ? given->parameter->find("resource") : nullptr;
      if (!found) fail_value(name, "a resource in a body of Parameters");
    }
  if (!found) return nullptr;
  if (!type.empty() && found->text("resourceType") != type) fail_value(name, "a " + std::string(type));
  require_valid(*found);
  return found;
}

Parameters simple_parameters(const OperationCall& call) {
  Parameters parameters = call.query;
  if (call.body.is_null()) return parameters;
  require_parameters(call.body);
  for (const Json& parameter : items_of(call.body, "parameter"))
    parameters.emplace_back(parameter.text("name"), text_of(parameter));
  return parameters;
}

Json output(std::string_view name, std::string_view member, Json value) {
  return Json::object({{"name", name}, {std::string(member), std::move(value)}});
}

std::string parameters_text(Json::Array outputs) {
  return Json::object({{"resourceType", "Parameters"}, {"parameter", Json(std::move(outputs))}}).dump();
}

}  // namespace meridian::record
