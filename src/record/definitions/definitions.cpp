#include "record/definitions/definitions.h"

#include <algorithm>

#include "record/definitions/tables.h"

namespace meridian::record {
namespace {

std::span<const tables::ResourceTable> resources() {
  return {tables::kResources, tables::kResourceCount};
}

const tables::ResourceTable* find_resource(std::string_view type) {
  const auto found = std::ranges::lower_bound(resources(), type, {}, &tables::ResourceTable::type);
  return found != resources().end() && found->type == type ? &*found : nullptr;
}

}  // namespace

std::span<const std::string_view> resource_types() {
  return {tables::kResourceNames, tables::kResourceCount};
}

bool is_resource_type(std::string_view type) {
  return find_resource(type) != nullptr;
}

std::span<const SearchParameter* const> search_parameters(std::string_view type) {
  const auto* resource = find_resource(type);
  return resource ? resource->parameters : std::span<const SearchParameter* const>();
}

const SearchParameter* find_search_parameter(std::string_view type, std::string_view code) {
  const auto parameters = search_parameters(type);
  const auto code_of = [](const SearchParameter* parameter) { return parameter->code; };
  const auto found = std::ranges::lower_bound(parameters, code, {}, code_of);
  return found != parameters.end() && (*found)->code == code ? *found : nullptr;
}

std::span<const std::string_view> compartment_parameters(std::string_view compartment,
                                                         std::string_view type) {
  for (const auto& row : std::span(tables::kCompartments, tables::kCompartmentCount))
    if (row.compartment == compartment && row.type == type) return row.parameters;
  return {};
}

}  // namespace meridian::record
