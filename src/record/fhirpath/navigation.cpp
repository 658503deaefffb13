#include "record/fhirpath/navigation.h"

#include <algorithm>

namespace meridian::record::fhirpath {
namespace {

const Json* at_index(const Json* array, std::size_t index) {
  if (!array || !array->is_array()) return index == 0 ? array : nullptr;
  return index < array->size() ? &array->items()[index] : nullptr;
}

const Json* not_null(const Json* value) {
  return value && value->is_null() ? nullptr : value;
}

// Where the children of the element are: in its JSON, or for a primitive in its companion.
const Json* container_of(const Element& element) {
  return element.type && element.type->is_primitive() ? element.companion : element.value;
}

void append_values(const Json* values, const Json* companions, const TypeDefinition* type, Collection& out) {
  const auto count = [](const Json* json) {
    return !json ? 0 : json->is_array() ? json->size() : std::size_t{1};
  };
  const std::size_t size = std::max(count(values), count(companions));
  for (std::size_t i = 0; i < size; ++i) {
    const Element child{not_null(at_index(values, i)), not_null(at_index(companions, i)), type};
    if (!child.value && !child.companion) continue;
    const bool is_resource = child.value && type && type->is_resource();
    out.emplace_back(is_resource ? resource_element(*child.value) : child);
  }
}

// The member and, of a primitive, its companion.
void append_member(const Json& object, std::string_view name, const TypeDefinition* type, Collection& out) {
  const Json *value = nullptr, *companion = nullptr;
  for (const auto& [member, content] : object.members()) {
    if (member == name)
      value = &content;
    else if (member.size() == name.size() + 1 && member[0] == '_' && member.ends_with(name))
      companion = &content;
  }
  if (value || companion) append_values(value, companion, type, out);
}

void append_choice(const Json& object, const TypeDefinition& type, const ElementDefinition& element,
                   Collection& out) {
  const std::size_t length = element.name.size();
  for (const auto& [member, content] : object.members()) {
    const std::string_view bare = member.starts_with('_') ? std::string_view(member).substr(1) : member;
    if (bare.size() <= length || !bare.starts_with(element.name)) continue;
    const PropertyDefinition* property = type.property(bare);
    if (!property || property->element != &element) continue;
    if (member[0] == '_' && object.find(bare)) continue;  // comes with its value
    append_member(object, bare, property->type->type, out);
  }
}

}  // namespace

Element resource_element(const Json& resource) {
  const Json* type = resource.find("resourceType");
  return {&resource, nullptr, type && type->is_string() ? find_type(type->as_string()) : nullptr};
}

bool append_children(const Element& element, std::string_view name, Collection& out) {
  const Json* container = container_of(element);
  const bool is_object = container && container->is_object();
  if (!element.type) {
    if (is_object) append_member(*container, name, nullptr, out);
    return true;
  }
  const ElementDefinition* definition = element.type->element(name);
  if (!definition) return false;
  if (!is_object) return true;
  if (definition->choice)
    append_choice(*container, *element.type, *definition, out);
  else
    append_member(*container, name, definition->types[0].type, out);
  return true;
}

void append_all_children(const Element& element, Collection& out) {
  const Json* container = container_of(element);
  if (!container || !container->is_object()) return;
  for (const auto& [member, content] : container->members()) {
    if (member == "resourceType") continue;
    const bool companion_only = member.starts_with('_');
    const std::string_view bare = companion_only ? std::string_view(member).substr(1) : member;
    if (companion_only && container->contains(bare)) continue;
    const PropertyDefinition* property = element.type ? element.type->property(bare) : nullptr;
    append_member(*container, bare, property ? property->type->type : nullptr, out);
  }
}

}  // namespace meridian::record::fhirpath
