// FHIR R4's own definitions, compiled into tables when the program is built: nothing here is typed by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace meridian::record {

enum class SearchType : std::uint8_t {
  number,
  date,
  string,
  token,
  reference,
  composite,
  quantity,
  uri,
  special
};

struct SearchComponent {
  std::string_view definition;  // code of the parameter, of the same resource type
  std::string_view expression;
};

struct SearchParameter {
  std::uint16_t number;  // its place in the table: the key of index rows; stable within a build's definitions
  std::string_view code;  // "birthdate"
  SearchType type;
  std::string_view url;                         // canonical
  std::string_view expression;                  // FHIRPath, of all its base types
  std::span<const std::string_view> targets;    // reference: types it may point to; empty: any
  std::span<const SearchComponent> components;  // composite
};

// Every concrete resource type of R4, sorted.
std::span<const std::string_view> resource_types();
bool is_resource_type(std::string_view type);
// Parameters of the type, those of Resource and DomainResource included, sorted by code.
std::span<const SearchParameter* const> search_parameters(std::string_view type);
const SearchParameter* find_search_parameter(std::string_view type, std::string_view code);
// Parameters that put a resource of the type into the compartment ("Patient"), as FHIR's
// CompartmentDefinition says; empty when it is not in it.
std::span<const std::string_view> compartment_parameters(std::string_view compartment, std::string_view type);

}  // namespace meridian::record
