#include "record/graphql/graph_run.h"

#include <algorithm>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/definitions/model.h"
#include "record/fhirpath/engine.h"
#include "record/fhirpath/navigation.h"
#include "record/graphql/graph_query.h"
#include "record/operations/lookup_resources.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr int kPage = 50, kLargestPage = 1000;
constexpr std::size_t kMostResources = 10'000;  // that one query reads
constexpr std::string_view kList = "List";

[[noreturn]] void fail(const std::string& what, const GraphSelection& field) {
  throw Error(ErrorCode::invalid_value, what, field.name.substr(0, 80));
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

const Json* argument(const GraphSelection& field, std::string_view name) {
  for (const auto& [given, value] : field.arguments)
    if (given == name) return &value;
  return nullptr;
}

// "Observation" of "ObservationList"; empty for other names.
std::string listed_type(const std::string& name) {
  if (!name.ends_with(kList) || name.size() == kList.size()) return {};
  std::string type = name.substr(0, name.size() - kList.size());
  return is_resource_type(type) ? type : std::string();
}

// GraphQL has no - in names, so that _ may stand for it.
std::string parameter_name(const std::string& type, const std::string& name) {
  if (find_search_parameter(type, name) || name.starts_with('_')) return name;
  std::string with_dash = name;
  std::ranges::replace(with_dash, '_', '-');
  return with_dash;
}

void merge(Json& into, const Json& more) {
  for (const auto& [name, value] : more.members()) into[name] = value;
}

class GraphRun {
 public:
  explicit GraphRun(const OperationContext& context) : context_(context) {}

  Json of_system(const std::vector<GraphSelection>& selections) {
    Json data = Json::object();
    for (const GraphSelection& field : selections) {
      if (field.is_fragment) {
        merge(data, of_system(field.selections));
      } else if (const std::string type = listed_type(field.name); !type.empty()) {
        data[field.alias] = list_of(type, field, {});
      } else {
        data[field.alias] = one_of(field);
      }
    }
    return data;
  }

  Json of_resource(const Json& resource, const std::vector<GraphSelection>& selections) {
    count();
    const fhirpath::Element element = fhirpath::resource_element(resource);
    return of_object(resource, *element.type, selections);
  }

 private:
  void count() {
    if (++resources_ > kMostResources)
      throw Error(ErrorCode::too_large, "The query reads too many resources", "query");
  }

  Json one_of(const GraphSelection& field) {
    if (!is_resource_type(field.name)) fail("There is no field " + field.name.substr(0, 80), field);
    const Json* id = argument(field, "id");
    if (!id) fail("The argument id is missing", field);
    require_role(context_.principal, trust::Act::read, field.name);
    const StoredResource found =
        require_readable(context_.connection, context_.principal, field.name, text_of(*id));
    return of_resource(Json::parse(found.version.body), field.selections);
  }

  // refers_to: the resource that those of the list refer to with the parameter _reference.
  Json list_of(const std::string& type, const GraphSelection& field, const std::string& refers_to) {
    Parameters search;
    int page = kPage;
    for (const auto& [name, value] : field.arguments) {
      if (name == "_count") {
        if (!value.is_number()) fail("_count is a number", field);
        page = static_cast<int>(std::clamp<std::int64_t>(value.as_int(), 0, kLargestPage));
      } else if (name == "_reference") {
        if (refers_to.empty()) fail("_reference stands within a resource only", field);
        search.emplace_back(parameter_name(type, text_of(value)), refers_to);
      } else {
        search.emplace_back(parameter_name(type, name), text_of(value));
      }
    }
    if (!refers_to.empty() && !argument(field, "_reference"))
      fail("The argument _reference is missing", field);
    require_role(context_.principal, trust::Act::read, type);
    Json list = Json::array();
    for (const Json& resource : find_resources(context_, type, search, page))
      list.push_back(of_resource(resource, field.selections));
    return chosen(field, std::move(list));
  }

  Json of_object(const Json& object, const TypeDefinition& type,
                 const std::vector<GraphSelection>& selections) {
    if (selections.empty())
      throw Error(ErrorCode::invalid_value, "A " + std::string(type.name) + " needs a selection of fields",
                  "query");
    Json result = Json::object();
    for (const GraphSelection& field : selections) {
      if (field.is_fragment) {
        if (!field.on_type.empty() && !is_of(type, field.on_type)) continue;
        merge(result, of_object(object, type, field.selections));
        continue;
      }
      if (Json value = of_field(object, type, field); !value.is_null())
        result[field.alias] = std::move(value);
    }
    return result;
  }

  static bool is_of(const TypeDefinition& type, const std::string& name) {
    const TypeDefinition* wanted = find_type(name);
    return wanted && type.is_a(*wanted);
  }

  Json of_field(const Json& object, const TypeDefinition& type, const GraphSelection& field) {
    if (field.name == "__typename" || (field.name == "resourceType" && type.is_resource()))
      return Json(type.name);
    if (field.name == "resource" && type.name == "Reference") return target_of(object, field);
    if (const std::string listed = listed_type(field.name); !listed.empty() && type.is_resource())
      return list_of(listed, field, std::string(type.name) + "/" + object.text("id"));
    const PropertyDefinition* property = type.property(field.name);
    if (!property) fail("A " + std::string(type.name) + " has no field " + field.name.substr(0, 80), field);
    const Json* value = object.find(field.name);
    if (!value) return {};
    if (!value->is_array()) return of_value(*value, *property->type->type, field);
    Json list = Json::array();
    for (const Json& item : value->items())
      if (passes(item, *property->type->type, field))
        list.push_back(of_value(item, *property->type->type, field));
    return chosen(field, std::move(list));
  }

  Json of_value(const Json& value, const TypeDefinition& type, const GraphSelection& field) {
    if (!value.is_object()) {
      if (!field.selections.empty()) fail("A " + std::string(type.name) + " has no fields", field);
      return value;
    }
    return type.is_resource() ? of_resource(value, field.selections)
                              : of_object(value, type, field.selections);
  }

  Json target_of(const Json& reference, const GraphSelection& field) {
    const Json target = resolve_reference(context_, reference.text("reference"));
    const Json* type = argument(field, "type");
    if (target.is_null() || (type && target.text("resourceType") != text_of(*type))) return {};
    return of_resource(target, field.selections);
  }

  // Arguments on a list: fhirpath, or a member and its value.
  static bool passes(const Json& item, const TypeDefinition& type, const GraphSelection& field) {
    for (const auto& [name, value] : field.arguments) {
      if (name == "fhirpath") {
        const fhirpath::Element element{&item, nullptr, &type};
        fhirpath::Environment environment;
        if (fhirpath::truth(fhirpath::evaluate(fhirpath::parse(text_of(value)), element, environment)) !=
            true)
          return false;
      } else if (!type.property(name)) {
        fail("A " + std::string(type.name) + " has no field " + name.substr(0, 80), field);
      } else if (const Json* member = item.find(name); !member || text_of(*member) != text_of(value)) {
        return false;
      }
    }
    return true;
  }

  static Json chosen(const GraphSelection& field, Json list) {
    if (field.singleton && list.size() > 1) fail("There are several, not one", field);
    if (!field.first && !field.singleton) return list;
    return list.empty() ? Json() : list.at(0);
  }

  const OperationContext& context_;
  std::size_t resources_ = 0;
};

}  // namespace

std::string run_graph_query(const OperationContext& context, const OperationCall& call) {
  std::string query = call.body.text("query");
  for (const auto& [name, value] : call.query)
    if (name == "query") query = value;
  if (query.empty())
    throw Error(ErrorCode::invalid_request, "The query is missing", "query", "Send {\"query\": \"{ ... }\"}");
  const std::vector<GraphSelection> selections = parse_graph_query(query, call.body.get("variables"));
  GraphRun run(context);
  if (call.type.empty()) return Json::object({{"data", run.of_system(selections)}}).dump();
  const StoredResource found = require_readable(context.connection, context.principal, call.type, call.id);
  return Json::object({{"data", run.of_resource(Json::parse(found.version.body), selections)}}).dump();
}

}  // namespace meridian::record
