// The table that tools/pack_fhir_definitions.py writes when the program is built.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

// All resources, each deflated by itself, one after the other.
extern "C" const unsigned char meridian_packed_definitions[];

namespace meridian::record::tables {

struct PackedDefinition {
  std::string_view type, url;
  std::uint32_t offset, packed, size;  // bytes
};

extern const PackedDefinition kPackedDefinitions[];  // sorted by type, then by URL
extern const std::size_t kPackedDefinitionCount;

}  // namespace meridian::record::tables
