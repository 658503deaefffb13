// Under which fields of the index tables the values of a search parameter are kept. Many parameters of R4
// repeat others: of an Observation, combo-code is code and component-code, and patient is subject where that
// is a Patient. Their values are kept once, and asked for as those of the others.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "record/definitions/definitions.h"

namespace meridian::record {

struct StoredFields {
  std::vector<std::int64_t> fields;  // its own, or those of the parameters that together have its values
  std::string_view target;           // of references: only those to this type count; empty: all
};

// Of a parameter of the type; valid for ever.
const StoredFields& stored_fields(std::string_view type, const SearchParameter& parameter);
// Of a parameter, by its code, whose values are kept under one field.
std::int64_t stored_field(std::string_view type, std::string_view code);
// False when its values are those of others.
bool has_own_rows(std::string_view type, const SearchParameter& parameter);

// The parameter of a type, as index rows name it: the same parameter of two types is two fields.
std::int64_t field_of(std::string_view type, const SearchParameter& parameter);

}  // namespace meridian::record
