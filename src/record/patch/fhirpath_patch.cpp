#include "record/patch/fhirpath_patch.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "record/fhirpath/engine.h"
#include "record/fhirpath/navigation.h"
#include "record/patch/nesting.h"

namespace meridian::record {
namespace {

using fhirpath::Element;

constexpr std::size_t kMostOperations = 1'000;

[[noreturn]] void refuse(const std::string& what, const std::string& path) {
  throw Error(ErrorCode::invalid_value, what, path.substr(0, 200));
}

struct PatchOperation {
  std::string type, path, name;
  const Json* value = nullptr;  // the part named value
  std::string value_type;       // "HumanName" of valueHumanName; empty for parts
  std::optional<std::int64_t> index, source, destination;
};

// The value[x] of a part: {member name, value}.
const Json::Member* value_member(const Json& part) {
  for (const Json::Member& member : part.members())
    if (member.first.starts_with("value")) return &member;
  return nullptr;
}

// {name: contact, part: [{name: name, valueHumanName: …}]} spells {name: …}.
Json object_of_parts(const Json& part, const TypeDefinition* type, int depth = 0) {
  if (depth > 20) throw Error(ErrorCode::too_large, "The patch's value is nested too deeply", "value");
  Json object = Json::object();
  for (const Json& inner : part.get("part").is_null() ? Json::Array() : part.find("part")->items()) {
    const std::string name = inner.text("name");
    const PropertyDefinition* property = type ? type->property(name) : nullptr;
    const Json::Member* value = value_member(inner);
    Json content =
        value ? value->second : object_of_parts(inner, property ? property->type->type : nullptr, depth + 1);
    if (property && property->element->max > 1)
      object[name].push_back(std::move(content));
    else
      object[name] = std::move(content);
  }
  return object;
}

void take_part(const Json& part, PatchOperation& operation) {
  const std::string name = part.text("name");
  const Json::Member* value = value_member(part);
  const auto text = [&] {
    return value && value->second.is_string() ? value->second.as_string() : std::string();
  };
  const auto number = [&]() -> std::optional<std::int64_t> {
    return value && value->second.is_number() ? std::optional(value->second.as_int()) : std::nullopt;
  };
  if (name == "type") operation.type = text();
  if (name == "path") operation.path = text();
  if (name == "name") operation.name = text();
  if (name == "index") operation.index = number();
  if (name == "source") operation.source = number();
  if (name == "destination") operation.destination = number();
  if (name != "value") return;
  operation.value = value ? &value->second : &part;
  if (value) operation.value_type = value->first.substr(5);
}

PatchOperation operation_of(const Json& parameter) {
  PatchOperation operation;
  const Json* parts = parameter.find("part");
  if (parameter.text("name") != "operation" || !parts || !parts->is_array())
    throw Error(ErrorCode::invalid_structure, "Each parameter of a FHIRPath Patch is an operation with parts",
                "Parameters.parameter");
  for (const Json& part : parts->items()) take_part(part, operation);
  if (operation.path.empty())
    throw Error(ErrorCode::invalid_structure, "An operation of the patch has no path",
                "Parameters.parameter");
  return operation;
}

// Where a value stands in the document.
struct Place {
  Json* parent = nullptr;
  std::string member;               // of the parent
  std::optional<std::size_t> item;  // when the member is a list
};

std::optional<Place> find_place(Json& parent, const Json* wanted) {
  if (parent.is_array()) {
    for (Json& item : parent.items())
      if (auto place = find_place(item, wanted)) return place;
    return {};
  }
  if (!parent.is_object()) return {};
  for (auto& [name, value] : parent.members()) {
    if (&value == wanted) return Place{&parent, name, {}};
    if (value.is_array())
      for (std::size_t i = 0; i < value.size(); ++i)
        if (&value.items()[i] == wanted) return Place{&parent, name, i};
    if (auto place = find_place(value, wanted)) return place;
  }
  return {};
}

// Of the element that the value is a child of; a null pointer when there is none.
const TypeDefinition* type_of_parent(const Element& element, const Json* wanted) {
  fhirpath::Collection children;
  fhirpath::append_all_children(element, children);
  for (const fhirpath::Item& item : children) {
    const Element& child = std::get<Element>(item);
    if (child.value == wanted) return element.type;
    if (const TypeDefinition* found = type_of_parent(child, wanted)) return found;
  }
  return nullptr;
}

class Patcher {
 public:
  explicit Patcher(Json resource) : resource_(std::move(resource)) {}

  void apply(const PatchOperation& operation) {
    if (operation.type == "add")
      add(operation);
    else if (operation.type == "insert")
      insert(operation);
    else if (operation.type == "delete")
      remove(operation);
    else if (operation.type == "replace")
      replace(operation);
    else if (operation.type == "move")
      move(operation);
    else
      throw Error(ErrorCode::invalid_structure,
                  "\"" + operation.type.substr(0, 40) + "\" is no operation of a FHIRPath Patch",
                  "Parameters.parameter", "Use add, insert, delete, replace or move");
    require_shallow(resource_);
  }
  Json finish() { return std::move(resource_); }

 private:
  std::vector<Element> elements_at(const std::string& path) {
    std::vector<Element> elements;
    const Element root = fhirpath::resource_element(resource_);
    const auto expression = fhirpath::parse(path);
    for (const fhirpath::Item& item :
         fhirpath::evaluate(expression, root, fhirpath::environment_of(resource_))) {
      const auto* element = std::get_if<Element>(&item);
      if (!element || !element->value)
        refuse("The path of the patch gives something that is no element", path);
      elements.push_back(*element);
    }
    return elements;
  }

  Element only_element(const std::string& path) {
    const std::vector<Element> elements = elements_at(path);
    if (elements.size() != 1)
      refuse("The path of the patch finds " + std::to_string(elements.size()) + " elements instead of one",
             path);
    return elements.front();
  }

  Place place_of(const Element& element, const std::string& path) {
    auto place = find_place(resource_, element.value);
    if (!place) refuse("The path of the patch must lead to an element below the resource", path);
    return *place;
  }

  // The list that insert and move work on: found by any of its elements.
  std::pair<Json*, std::string> list_at(const std::string& path) {
    const std::vector<Element> elements = elements_at(path);
    if (elements.empty()) refuse("The path of the patch finds no list", path);
    const Place place = place_of(elements.front(), path);
    if (!place.item) refuse("The path of the patch does not lead to a list", path);
    return {place.parent, place.member};
  }

  // The list of the extensions of primitives, where there is one.
  static Json::Array* companions_of(Json& parent, const std::string& member) {
    Json* companions = parent.find("_" + member);
    return companions && companions->is_array() ? &companions->items() : nullptr;
  }

  // A list and, of primitives, their extensions, made of one length before.
  template <class Change>
  static void change_lists(Json& parent, const std::string& member, Change change) {
    Json::Array& values = parent.find(member)->items();
    Json::Array* companions = companions_of(parent, member);
    if (companions) {
      const std::size_t size = std::max(values.size(), companions->size());
      values.resize(size);
      companions->resize(size);
    }
    change(values);
    if (companions) change(*companions);
  }

  static Json value_for(const PatchOperation& operation, const TypeDefinition* type) {
    if (!operation.value)
      throw Error(ErrorCode::invalid_structure, "The operation has no value", "Parameters.parameter");
    return operation.value_type.empty() ? object_of_parts(*operation.value, type) : *operation.value;
  }

  // "value" with valueQuantity means the member valueQuantity.
  static const PropertyDefinition& property_for(const Element& parent, const PatchOperation& operation) {
    const PropertyDefinition* property = parent.type ? parent.type->property(operation.name) : nullptr;
    const ElementDefinition* element = parent.type ? parent.type->element(operation.name) : nullptr;
    if (!property && element && element->choice)
      property = parent.type->property(operation.name + operation.value_type);
    if (!property)
      refuse("There is no element \"" + operation.name.substr(0, 80) + "\" to add", operation.path);
    return *property;
  }

  void add(const PatchOperation& operation) {
    const Element parent = only_element(operation.path);
    const PropertyDefinition& property = property_for(parent, operation);
    Json value = value_for(operation, property.type->type);
    Json& object = *const_cast<Json*>(parent.value);  // an element of resource_, which is ours
    if (property.element->max > 1)
      append(object, std::string(property.name), std::move(value));
    else if (object.contains(property.name))
      refuse("The element " + std::string(property.name) + " is there already", operation.path);
    else
      object[property.name] = std::move(value);
  }

  static void append(Json& object, const std::string& member, Json value) {
    if (!object.contains(member)) object[member] = Json::array();
    const Json::Array* values = &object.find(member)->items();
    change_lists(object, member,
                 [&](Json::Array& items) { items.push_back(&items == values ? value : Json()); });
  }

  void insert(const PatchOperation& operation) {
    const TypeDefinition* type =
        elements_at(operation.path).empty() ? nullptr : elements_at(operation.path)[0].type;
    const auto [parent, member] = list_at(operation.path);
    Json::Array& list = parent->find(member)->items();
    const std::int64_t index = operation.index.value_or(-1);
    if (index < 0 || index > static_cast<std::int64_t>(list.size()))
      refuse("The index of the insertion is outside the list", operation.path);
    Json value = value_for(operation, type);
    change_lists(*parent, member, [&](Json::Array& items) {
      items.insert(items.begin() + index, &items == &list ? value : Json());
    });
  }

  void remove(const PatchOperation& operation) {
    const std::vector<Element> elements = elements_at(operation.path);
    if (elements.empty()) return;
    if (elements.size() > 1) refuse("The path of the deletion finds more than one element", operation.path);
    erase(place_of(elements.front(), operation.path));
  }

  // With what becomes empty by it.
  void erase(const Place& place) {
    if (place.item)
      change_lists(*place.parent, place.member, [&](Json::Array& items) {
        if (*place.item < items.size()) items.erase(items.begin() + static_cast<std::ptrdiff_t>(*place.item));
      });
    const Json* left = place.parent->find(place.member);
    if (place.item && !left->empty()) return;
    place.parent->erase(place.member);
    place.parent->erase("_" + place.member);
    if (place.parent != &resource_ && place.parent->empty()) erase(*find_place(resource_, place.parent));
  }

  // valueString for a value of that type in the place of valueQuantity.
  std::string member_for_value(const Place& place, const Element& element,
                               const PatchOperation& operation) const {
    const TypeDefinition* type = type_of_parent(fhirpath::resource_element(resource_), element.value);
    const PropertyDefinition* property = type ? type->property(place.member) : nullptr;
    if (!property || !property->element->choice || operation.value_type.empty()) return place.member;
    std::string member = std::string(property->element->name) + operation.value_type;
    if (!type->property(member))
      refuse("The element " + std::string(property->element->name) + "[x] cannot be a " +
                 operation.value_type.substr(0, 80),
             operation.path);
    return member;
  }

  void replace(const PatchOperation& operation) {
    const Element element = only_element(operation.path);
    const Place place = place_of(element, operation.path);
    const std::string member = member_for_value(place, element, operation);
    *const_cast<Json*>(element.value) = value_for(operation, element.type);
    if (place.item) return;
    place.parent->erase("_" + place.member);
    if (member == place.member) return;
    for (auto& [name, value] : place.parent->members())
      if (name == place.member) name = member;
  }

  void move(const PatchOperation& operation) {
    const auto [parent, member] = list_at(operation.path);
    const auto size = static_cast<std::int64_t>(parent->find(member)->size());
    const std::int64_t from = operation.source.value_or(-1), to = operation.destination.value_or(-1);
    if (from < 0 || to < 0 || from >= size || to >= size)
      refuse("The source or destination of the move is outside the list", operation.path);
    change_lists(*parent, member, [&](Json::Array& items) {
      const auto begin = items.begin();
      if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
      else
        std::rotate(begin + to, begin + from, begin + from + 1);
    });
  }

  Json resource_;
};

}  // namespace

Json apply_fhirpath_patch(Json resource, const Json& parameters) {
  if (parameters.text("resourceType") != "Parameters")
    throw Error(ErrorCode::invalid_structure, "A FHIRPath Patch is a Parameters resource", "resourceType");
  const Json* list = parameters.find("parameter");
  if (!list) return resource;
  if (!list->is_array())
    throw Error(ErrorCode::invalid_structure, "The parameters are no list", "Parameters.parameter");
  if (list->size() > kMostOperations)
    throw Error(ErrorCode::too_large,
                "The patch has more than " + std::to_string(kMostOperations) + " operations");
  Patcher patcher(std::move(resource));
  for (const Json& parameter : list->items()) patcher.apply(operation_of(parameter));
  return patcher.finish();
}

}  // namespace meridian::record
