#include "record/views/run_view.h"

#include <charconv>

#include "base/error.h"
#include "record/query/search_value.h"
#include "record/store/visibility.h"
#include "record/views/stored_view.h"

namespace meridian::record {
namespace {

constexpr std::string_view kReference = "viewReference";

// Those of the address and the primitive ones of the body. It is no R4 that could be validated: the resource
// within is a ViewDefinition.
Parameters parameters_of(const OperationCall& call) {
  Parameters parameters = call.query;
  if (call.body.text("resourceType") != "Parameters") return parameters;
  for (const Json& parameter : items_of(call.body, "parameter")) {
    const std::string name = parameter.text("name");
    if (parameter.contains("resource")) continue;
    std::string text = parameter.text("valueReference.reference");
    if (parameter.is_object())
      for (const auto& [member, value] : parameter.members())
        if (member.starts_with("value") && !value.is_object())
          text = value.is_string() ? value.as_string() : value.dump();
    parameters.emplace_back(name, std::move(text));
  }
  return parameters;
}

// The one of the address, of the body, or of what the parameters name.
Json view_in(const OperationContext& context, const OperationCall& call) {
  if (!call.id.empty()) return find_view(context, "ViewDefinition/" + call.id);
  if (call.body.text("resourceType") == "ViewDefinition") return call.body;
  for (const Json& parameter : items_of(call.body, "parameter"))
    if (parameter.text("name") == "viewResource" && parameter.contains("resource"))
      return *parameter.find("resource");
  for (const auto& [name, value] : parameters_of(call))
    if (name == kReference) return find_view(context, value);
  throw Error(ErrorCode::invalid_request, "There is no ViewDefinition", "viewResource",
              "Send one as the body or as the parameter viewResource, or name one with viewReference");
}

// Those that the call sends to be made into a table instead of the record's.
std::vector<Json> resources_in(const OperationCall& call) {
  std::vector<Json> resources;
  if (call.body.text("resourceType") != "Parameters") return resources;
  for (const Json& parameter : items_of(call.body, "parameter"))
    if (const Json* resource = parameter.find("resource"); resource && parameter.text("name") == "resource")
      resources.push_back(*resource);
  return resources;
}

std::string id_in(const std::string& type, const std::string& reference) {
  return reference.starts_with(type + "/") ? reference.substr(type.size() + 1) : reference;
}

TableFormat format_of(std::string name) {
  name = name.substr(0, name.find(';'));
  if (name.empty() || name == "ndjson" || name == "application/ndjson" || name == "application/x-ndjson" ||
      name == "application/fhir+ndjson")
    return TableFormat::ndjson;
  if (name == "csv" || name == "text/csv") return TableFormat::csv;
  if (name == "json" || name == "application/json") return TableFormat::json;
  throw Error(ErrorCode::invalid_value, "Tables are given as csv, ndjson or json", "_format");
}

std::int64_t limit_of(const std::string& text) {
  std::int64_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error == std::errc() && end == text.data() + text.size() && limit >= 0) return limit;
  throw Error(ErrorCode::invalid_value, "_limit is a number from 0", "_limit");
}

void take(const OperationContext& context, TableOptions& options, const std::string& name,
          const std::string& value) {
  if (name == kReference) return;
  if (name == "_format") {
    options.format = format_of(value);
  } else if (name == "header") {
    if (value != "true" && value != "false")
      throw Error(ErrorCode::invalid_value, "header is true or false", "header");
    options.header = value == "true";
  } else if (name == "_limit") {
    options.limit = limit_of(value);
  } else if (name == "_since") {
    options.since = parse_date_interval(value).low;
  } else if (name == "patient") {
    options.patient = "Patient/" + id_in("Patient", value);
  } else if (name == "group") {
    require_role(context.principal, trust::Act::read, "Group");
    options.group =
        require_readable(context.connection, context.principal, "Group", id_in("Group", value)).key;
  } else if (name == "source") {
    if (value != context.options.base_url)
      throw Error(ErrorCode::not_supported, "Tables are made of this node's record alone", "source",
                  "Leave it out, or send the resources of another source as parameters \"resource\"");
  } else {
    throw Error(ErrorCode::invalid_request, "The operation has no parameter \"" + name.substr(0, 80) + "\"",
                name.substr(0, 80));
  }
}

}  // namespace

TableFormat table_format(const OperationCall& call) {
  TableFormat format = TableFormat::ndjson;
  for (const auto& [name, value] : parameters_of(call))
    if (name == "_format") format = format_of(value);
  return format;
}

std::string run_view(const OperationContext& context, const OperationCall& call) {
  TableOptions options;
  for (const auto& [name, value] : parameters_of(call)) take(context, options, name, value);
  const ViewDefinition view(view_in(context, call));
  const std::vector<Json> resources = resources_in(call);
  if (resources.empty()) return view_table(context, view, options);
  if (options.since || options.group || !options.patient.empty())
    throw Error(ErrorCode::invalid_request, "Resources that are sent are taken all", "resource",
                "Leave _since, patient and group out");
  return view_table(view, resources, options);
}

}  // namespace meridian::record
