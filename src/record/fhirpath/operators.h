// Equality, order and arithmetic of FHIRPath.
#pragma once
#include <compare>
#include <optional>
#include <string_view>

#include "record/fhirpath/expression.h"

namespace meridian::record::fhirpath {

// `=`: nothing when it cannot be known (a date against one that is more precise, units that do not compare).
std::optional<bool> equal(const Item& a, const Item& b);
std::optional<bool> equal(const Collection& a, const Collection& b);
// `~`: case, white space, order and lesser precision do not matter.
bool equivalent(const Item& a, const Item& b);
bool equivalent(const Collection& a, const Collection& b);
bool contains(const Collection& collection, const Item& item);
// Without repetition, in their order.
Collection distinct(const Collection& collection);

// Nothing when it cannot be known; throws invalid_value for types that have no order between them.
std::optional<std::strong_ordering> compare(const Item& a, const Item& b);

// +, -, *, /, div, mod and &; empty when there is no result. Throws invalid_value for types that do not go
// together.
Collection calculate(Operator op, const Collection& a, const Collection& b);

// Whether the item is of the type; name may be qualified. Throws invalid_value for a type that does not
// exist.
bool is_type(const Item& item, std::string_view name);
// As `as` and ofType see it: of a primitive, exactly of the type.
bool is_exact_type(const Item& item, std::string_view name);

}  // namespace meridian::record::fhirpath
