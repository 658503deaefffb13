#include "record/graphql/graph_schema.h"

#include <algorithm>
#include <array>

#include "record/definitions/definitions.h"

namespace meridian::record {
namespace {

constexpr std::string_view kQuery = "Query";
constexpr std::array<std::string_view, 5> kScalars{"String", "Boolean", "Int", "Float", "ID"};

Json named(std::string_view kind, std::string_view name) {
  return Json::object({{"kind", kind}, {"name", name}, {"ofType", nullptr}});
}
Json list_of(Json type) {
  return Json::object({{"kind", "LIST"}, {"name", nullptr}, {"ofType", std::move(type)}});
}
Json scalar(std::string_view name) {
  return named("SCALAR", name);
}

bool is_number(std::string_view name) {
  return name == "integer" || name == "positiveInt" || name == "unsignedInt";
}

std::string scalar_name(std::string_view primitive) {
  if (primitive == "boolean") return "Boolean";
  if (is_number(primitive)) return "Int";
  if (primitive == "decimal") return "Float";
  if (primitive == "string") return "String";
  if (primitive == "id") return "ID";
  return std::string(primitive);
}

Json reference_to(const TypeDefinition& type) {
  if (type.is_primitive()) return scalar(scalar_name(type.name));
  return named(type.abstract ? "INTERFACE" : "OBJECT", graph_name(type));
}

Json argument(std::string_view name, Json type) {
  return Json::object(
      {{"name", name}, {"description", nullptr}, {"type", std::move(type)}, {"defaultValue", nullptr}});
}

Json field_of(std::string_view name, Json type, Json arguments = Json::array()) {
  return Json::object({{"name", name},
                       {"description", nullptr},
                       {"args", std::move(arguments)},
                       {"type", std::move(type)},
                       {"isDeprecated", false},
                       {"deprecationReason", nullptr}});
}

Json whole_type(std::string_view kind, std::string_view name, Json fields, Json possible = {}) {
  const bool object = kind == "OBJECT";
  return Json::object({{"kind", kind},
                       {"name", name},
                       {"description", nullptr},
                       {"fields", std::move(fields)},
                       {"inputFields", nullptr},
                       {"interfaces", object ? Json::array() : Json()},
                       {"enumValues", nullptr},
                       {"possibleTypes", std::move(possible)}});
}

Json search_arguments(std::string_view type, bool paged) {
  Json list = Json::array({argument("_count", scalar("Int")), argument("_filter", scalar("String"))});
  if (paged) list.push_back(argument("_cursor", scalar("String")));
  for (const SearchParameter* parameter : search_parameters(type)) {
    std::string name(parameter->code);
    std::ranges::replace(name, '-', '_');
    if (!parameter->expression.empty()) list.push_back(argument(name, scalar("String")));
  }
  return list;
}

std::string connection(std::string_view type) {
  return std::string(type) + "Connection";
}
std::string edge(std::string_view type) {
  return std::string(type) + "Edge";
}

Json query_type() {
  Json fields = Json::array();
  for (const std::string_view type : resource_types()) {
    fields.push_back(field_of(type, named("OBJECT", type), Json::array({argument("id", scalar("ID"))})));
    fields.push_back(
        field_of(std::string(type) + "List", list_of(named("OBJECT", type)), search_arguments(type, false)));
    fields.push_back(
        field_of(connection(type), named("OBJECT", connection(type)), search_arguments(type, true)));
  }
  return whole_type("OBJECT", kQuery, std::move(fields));
}

Json type_of(const TypeDefinition& type) {
  if (type.is_primitive()) return whole_type("SCALAR", scalar_name(type.name), {});
  Json fields = Json::array();
  if (type.is_resource()) fields.push_back(field_of("resourceType", scalar("String")));
  for (const PropertyDefinition& property : type.properties) {
    const bool many = property.element->max > 1;
    Json reference = reference_to(*property.type->type);
    fields.push_back(many ? field_of(property.name, list_of(std::move(reference)),
                                     Json::array({argument("fhirpath", scalar("String"))}))
                          : field_of(property.name, std::move(reference)));
  }
  if (type.name == "Reference")
    fields.push_back(field_of("resource", named("INTERFACE", "Resource"),
                              Json::array({argument("type", scalar("String"))})));
  if (!type.abstract) return whole_type("OBJECT", graph_name(type), std::move(fields));
  Json possible = Json::array();
  for (const TypeDefinition& other : type_definitions())
    if (!other.abstract && other.is_a(type)) possible.push_back(reference_to(other));
  return whole_type("INTERFACE", graph_name(type), std::move(fields), std::move(possible));
}

Json connection_type(std::string_view type) {
  return whole_type("OBJECT", connection(type),
                    Json::array({field_of("count", scalar("Int")), field_of("pagesize", scalar("Int")),
                                 field_of("first", scalar("String")), field_of("previous", scalar("String")),
                                 field_of("next", scalar("String")), field_of("last", scalar("String")),
                                 field_of("edges", list_of(named("OBJECT", edge(type))))}));
}

Json edge_type(std::string_view type) {
  return whole_type("OBJECT", edge(type),
                    Json::array({field_of("mode", scalar("String")), field_of("score", scalar("Float")),
                                 field_of("resource", named("OBJECT", type))}));
}

Json all_types() {
  Json list = Json::array({query_type()});
  for (const std::string_view name : kScalars) list.push_back(whole_type("SCALAR", name, {}));
  for (const TypeDefinition& type : type_definitions()) {
    const bool known =
        type.is_primitive() && std::ranges::find(kScalars, scalar_name(type.name)) != kScalars.end();
    if (!known) list.push_back(type_of(type));
  }
  for (const std::string_view type : resource_types()) {
    list.push_back(connection_type(type));
    list.push_back(edge_type(type));
  }
  return list;
}

Json directive(std::string_view name, Json arguments) {
  return Json::object({{"name", name},
                       {"description", nullptr},
                       {"locations", Json::array({"FIELD"})},
                       {"args", std::move(arguments)}});
}

Json schema() {
  const Json condition = Json::array({argument("if", scalar("Boolean"))});
  return Json::object(
      {{"queryType", Json::object({{"name", kQuery}})},
       {"mutationType", nullptr},
       {"subscriptionType", nullptr},
       {"types", all_types()},
       {"directives",
        Json::array({directive("include", condition), directive("skip", condition),
                     directive("first", Json::array()), directive("singleton", Json::array()),
                     directive("flatten", Json::array()),
                     directive("slice", Json::array({argument("fhirpath", scalar("String"))}))})}});
}

}  // namespace

std::string graph_name(const TypeDefinition& type) {
  std::string name(type.name);
  std::ranges::replace(name, '.', '_');
  return name;
}

const Json& GraphSchema::whole() {
  if (!whole_) whole_ = schema();
  return *whole_;
}

// What the selections ask of a value.
Json GraphSchema::chosen(const Json& value, const std::vector<GraphSelection>& selections) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value.items()) list.push_back(chosen(item, selections));
    return list;
  }
  if (!value.is_object()) {
    budget_.spend_field(value.is_string() ? value.as_string().size() : 0);
    return value;
  }
  Json result = Json::object();
  for (const GraphSelection& field : selections) {
    if (field.is_fragment) {
      const Json more = chosen(value, field.selections);
      for (const auto& [name, member] : more.members()) result[name] = member;
    } else {
      budget_.spend_field(field.alias.size());
      const Json* member = value.find(field.name);
      result[field.alias] = member ? chosen(*member, field.selections) : Json();
    }
  }
  return result;
}

std::optional<Json> GraphSchema::field(const GraphSelection& field) {
  if (field.name == "__schema") return chosen(whole(), field.selections);
  if (field.name != "__type") return {};
  for (const auto& [name, value] : field.arguments)
    if (name == "name" && value.is_string())
      for (const Json& type : whole().get("types").items())
        if (type.get("name") == value) return chosen(type, field.selections);
  return Json();
}

}  // namespace meridian::record
