#include "record/definitions/model.h"

#include <algorithm>
#include <unordered_map>

#include "record/definitions/tables.h"

namespace meridian::record {

bool TypeDefinition::is_a(const TypeDefinition& other) const {
  for (const TypeDefinition* type = this; type; type = type->base)
    if (type == &other) return true;
  return false;
}

const PropertyDefinition* TypeDefinition::property(std::string_view json_name) const {
  const auto found = std::ranges::lower_bound(properties, json_name, {}, &PropertyDefinition::name);
  return found != properties.end() && found->name == json_name ? &*found : nullptr;
}

const ElementDefinition* TypeDefinition::element(std::string_view name) const {
  const auto found = std::ranges::find(elements, name, &ElementDefinition::name);
  return found != elements.end() ? &*found : nullptr;
}

std::span<const TypeDefinition> type_definitions() {
  return {tables::kTypes, tables::kTypeCount};
}

std::span<const ElementDefinition> element_definitions() {
  return {tables::kElements, tables::kElementCount};
}

const TypeDefinition* find_type(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const TypeDefinition*> map;
    for (const TypeDefinition& type : type_definitions()) map.emplace(type.name, &type);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

bool contains_code(const ValueSetDefinition& set, std::string_view code) {
  return std::ranges::binary_search(set.codes, code, {}, &ValueSetCode::code);
}

bool contains_code(const ValueSetDefinition& set, std::string_view system, std::string_view code) {
  auto found = std::ranges::lower_bound(set.codes, code, {}, &ValueSetCode::code);
  for (; found != set.codes.end() && found->code == code; ++found)
    if (found->system == system) return true;
  return false;
}

}  // namespace meridian::record
