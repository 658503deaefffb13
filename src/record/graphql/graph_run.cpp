#include "record/graphql/graph_run.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/definitions/model.h"
#include "record/fhirpath/engine.h"
#include "record/fhirpath/navigation.h"
#include "record/graphql/graph_budget.h"
#include "record/graphql/graph_query.h"
#include "record/graphql/graph_schema.h"
#include "record/operations/lookup_resources.h"
#include "record/query/search_page.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr int kPage = 50, kLargestPage = 1000;
constexpr std::string_view kList = "List", kConnection = "Connection";

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
std::string type_before(const std::string& name, std::string_view ending) {
  if (!name.ends_with(ending) || name.size() == ending.size()) return {};
  std::string type = name.substr(0, name.size() - ending.size());
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
      } else if (field.name == "__typename") {
        data[field.alias] = "Query";
      } else if (std::optional<Json> of_schema = schema_.field(field)) {
        data[field.alias] = std::move(*of_schema);
      } else if (const std::string type = type_before(field.name, kList); !type.empty()) {
        put(data, field, list_of(type, field, {}));
      } else if (const std::string paged = type_before(field.name, kConnection); !paged.empty()) {
        data[field.alias] = connection_of(paged, field, {});
      } else {
        data[field.alias] = one_of(field);
      }
    }
    return data;
  }

  Json of_resource(const Json& resource, const std::vector<GraphSelection>& selections) {
    budget_.spend_reading();
    return of_read(resource, selections);
  }

 private:
  Json of_read(const Json& resource, const std::vector<GraphSelection>& selections) {
    const fhirpath::Element element = fhirpath::resource_element(resource);
    return of_object(resource, *element.type, selections);
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

  struct Asked {
    Parameters search;
    int page = kPage;
    std::string cursor;
  };

  // Of a list or connection. refers_to: the resource that the resources refer to with the parameter
  // _reference.
  Asked asked_by(const std::string& type, const GraphSelection& field, const std::string& refers_to) {
    Asked asked;
    for (const auto& [name, value] : field.arguments) {
      if (name == "_count") {
        if (!value.is_number()) fail("_count is a number", field);
        asked.page = static_cast<int>(std::clamp<std::int64_t>(value.as_int(), 0, kLargestPage));
      } else if (name == "_cursor") {
        asked.cursor = text_of(value);
      } else if (name == "_reference") {
        if (refers_to.empty()) fail("_reference stands within a resource only", field);
        asked.search.emplace_back(parameter_name(type, text_of(value)), refers_to);
      } else {
        asked.search.emplace_back(parameter_name(type, name), text_of(value));
      }
    }
    if (!refers_to.empty() && !argument(field, "_reference"))
      fail("The argument _reference is missing", field);
    require_role(context_.principal, trust::Act::read, type);
    budget_.spend_reading();
    return asked;
  }

  Json list_of(const std::string& type, const GraphSelection& field, const std::string& refers_to) {
    const Asked asked = asked_by(type, field, refers_to);
    if (!asked.cursor.empty()) fail("A list has no cursor: ask for " + type + "Connection", field);
    Json list = Json::array();
    for (const Json& resource : find_resources(context_, type, asked.search, asked.page))
      list.push_back(of_resource(resource, field.selections));
    return chosen(field, std::move(list));
  }

  // A page, as FHIR R4's graphql.html has it: count and pagesize, the cursors of others, edges. There is no
  // offset: what is written meanwhile would move it.
  Json connection_of(const std::string& type, const GraphSelection& field, const std::string& refers_to) {
    const Asked asked = asked_by(type, field, refers_to);
    const std::string own_type = type + std::string(kConnection);
    const Fields fields = fields_of(field.selections, own_type);
    SearchRequest request =
        parse_search(context_.connection, type, asked.search, context_.options, context_.principal);
    request.cursor = asked.cursor;
    request.with_total = asks_for(fields, "count");
    const Page page = find_page(context_.connection, context_.principal, request, asked.page);
    Json all = Json::object({{"__typename", own_type}, {"pagesize", asked.page}, {"first", ""}});
    if (page.total) all["count"] = *page.total;
    if (!page.previous_cursor.empty()) all["previous"] = page.previous_cursor;
    if (!page.next_cursor.empty()) all["next"] = page.next_cursor;
    all["last"] = last_page_cursor();
    Json result = Json::object();
    for (const GraphSelection& wanted : fields) {
      if (wanted.name == "edges")
        result[wanted.alias] = edges_of(type, page, wanted);
      else if (wanted.name == "offset")
        throw Error(ErrorCode::not_supported, "Pages have cursors, no offset", wanted.name);
      else if (const Json* value = all.find(wanted.name))
        result[wanted.alias] = *value;
      else if (wanted.name != "next" && wanted.name != "previous")
        fail("A connection has no field " + wanted.name.substr(0, 80), wanted);
    }
    return result;
  }

  Json edges_of(const std::string& type, const Page& page, const GraphSelection& edges) {
    const std::string own_type = type + "Edge";
    const Fields fields = fields_of(edges.selections, own_type);
    Json list = Json::array();
    for (const std::int64_t key : page.keys) {
      budget_.spend_reading();
      const Json resource = Json::parse(find_by_key(context_.connection, key)->version.body);
      Json edge = Json::object();
      for (const GraphSelection& wanted : fields) {
        budget_.spend_field(wanted.alias.size());
        if (wanted.name == "__typename")
          edge[wanted.alias] = own_type;
        else if (wanted.name == "mode")
          edge[wanted.alias] = "match";
        else if (wanted.name == "resource")
          edge[wanted.alias] = of_read(resource, wanted.selections);
        else if (wanted.name != "score")
          fail("An edge has no field " + wanted.name.substr(0, 80), wanted);
      }
      list.push_back(std::move(edge));
    }
    return list;
  }

  // What is asked of a type that is none of FHIR's: the fields of fragments in their place.
  using Fields = std::vector<std::reference_wrapper<const GraphSelection>>;
  static Fields fields_of(const std::vector<GraphSelection>& selections, const std::string& type) {
    Fields fields;
    for (const GraphSelection& one : selections)
      if (!one.is_fragment)
        fields.emplace_back(one);
      else if (one.on_type.empty() || one.on_type == type)
        std::ranges::copy(fields_of(one.selections, type), std::back_inserter(fields));
    return fields;
  }
  static bool asks_for(const Fields& fields, std::string_view name) {
    return std::ranges::any_of(fields, [&](const GraphSelection& one) { return one.name == name; });
  }

  // Where a field stands in the answer.
  static void put(Json& result, const GraphSelection& field, Json value) {
    if (value.is_null()) return;
    if (field.flatten)
      flatten_into(result, field, value);
    else
      result[field.alias] = std::move(value);
  }

  // Each field of the object, or of the objects of a list, becomes a list in what it stands in.
  static void flatten_into(Json& result, const GraphSelection& field, const Json& value) {
    const Json::Array one{value};
    for (const Json& object : value.is_array() ? value.items() : one)
      for (const auto& [name, member] : object.members()) {
        Json& list = result[name];
        if (member.is_array())
          for (const Json& item : member.items()) list.push_back(item);
        else
          list.push_back(member);
      }
    for (const GraphSelection& inner : field.selections)
      if (Json* list = result.find(inner.alias); list && inner.singleton && list->is_array()) {
        if (list->size() != 1) fail("There are several, not one", inner);
        *list = Json(list->at(0));
      }
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
      budget_.spend_field(field.alias.size());
      if (field.slice.empty())
        put(result, field, of_field(object, type, field));
      else
        put_slices(result, object, type, field);
    }
    return result;
  }

  // name.official, name.usual: an item of the list each, by what the path gives.
  void put_slices(Json& result, const Json& object, const TypeDefinition& type, const GraphSelection& field) {
    const PropertyDefinition* property = type.property(field.name);
    const Json* list = property ? object.find(field.name) : nullptr;
    if (!property) fail("A " + std::string(type.name) + " has no field " + field.name.substr(0, 80), field);
    if (!list) return;
    if (!list->is_array()) fail("Only a list is sliced", field);
    const fhirpath::Expression path = fhirpath::parse(field.slice == "$index" ? "$this" : field.slice);
    std::size_t index = 0;
    for (const Json& item : list->items()) {
      const std::string place = std::to_string(index++);
      if (!passes(item, *property->type->type, field)) continue;
      const fhirpath::Element element{&item, nullptr, property->type->type};
      const fhirpath::Collection named = fhirpath::evaluate(path, element, fhirpath::Environment());
      const auto name = field.slice == "$index" ? std::optional(place)
                        : named.size() == 1     ? fhirpath::text_of(named.front())
                                                : std::nullopt;
      if (!name) fail("The path of @slice gives an item no name", field);
      result[field.alias + "." + *name] = of_value(item, *property->type->type, field);
    }
  }

  static bool is_of(const TypeDefinition& type, const std::string& name) {
    std::string with_points = name;
    std::ranges::replace(with_points, '_', '.');
    const TypeDefinition* wanted = find_type(with_points);
    return wanted && type.is_a(*wanted);
  }

  Json of_field(const Json& object, const TypeDefinition& type, const GraphSelection& field) {
    if (field.name == "__typename") return graph_name(type);
    if (field.name == "resourceType" && type.is_resource()) return Json(type.name);
    if (field.name == "resource" && type.name == "Reference") return target_of(object, field);
    if (const std::string listed = type_before(field.name, kList); !listed.empty() && type.is_resource())
      return list_of(listed, field, std::string(type.name) + "/" + object.text("id"));
    if (const std::string paged = type_before(field.name, kConnection); !paged.empty() && type.is_resource())
      return connection_of(paged, field, std::string(type.name) + "/" + object.text("id"));
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
      budget_.spend_field(value.is_string() ? value.as_string().size() : 0);
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
  GraphBudget budget_;
  GraphSchema schema_{budget_};
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
