// The tables that tools/compile_fhir_definitions.py writes when the program is built.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "record/definitions/definitions.h"
#include "record/definitions/model.h"

namespace meridian::record::tables {

struct ResourceTable {
  std::string_view type;
  std::span<const SearchParameter* const> parameters;  // sorted by code
};

struct CompartmentTable {
  std::string_view compartment, type;
  std::span<const std::string_view> parameters;
};

extern const TypeDefinition kTypes[];  // sorted by name
extern const std::size_t kTypeCount;
extern const ElementDefinition kElements[];
extern const std::size_t kElementCount;
extern const ValueSetDefinition kValueSets[];
extern const std::size_t kValueSetCount;
extern const SearchParameter kSearchParameters[];
extern const ResourceTable kResources[];  // sorted by type
extern const std::string_view kResourceNames[];
extern const std::size_t kResourceCount;
extern const CompartmentTable kCompartments[];  // sorted by compartment, then by type
extern const std::size_t kCompartmentCount;

}  // namespace meridian::record::tables
