// Quantities: their units compared, converted and multiplied; durations added to dates.
#pragma once
#include <compare>
#include <optional>

#include "record/fhirpath/value.h"

namespace meridian::record::fhirpath {

// Nothing when the units measure different things, or one is a calendar year or month and the other a
// definite duration.
std::optional<std::strong_ordering> compare_quantities(const Quantity& a, const Quantity& b);
// Rounded to the precision of the less precise; a calendar year is a UCUM year here.
bool equivalent_quantities(const Quantity& a, const Quantity& b);
// Whether both measure the same thing.
bool comparable(const Quantity& a, const Quantity& b);
// In the unit of the first; nothing when the units do not go together.
std::optional<Quantity> add_quantities(const Quantity& a, const Quantity& b, bool subtract);
// In the unit, a UCUM code or a calendar unit; nothing when it measures something else.
std::optional<Quantity> convert_quantity(const Quantity& quantity, std::string_view unit);
std::optional<Quantity> multiply_quantities(const Quantity& a, const Quantity& b);
std::optional<Quantity> divide_quantities(const Quantity& a, const Quantity& b);
// Nothing when the result is no date of the years 1 to 9999. Throws invalid_value when the quantity is no
// duration that a date can be moved by (UCUM's year and month are none).
std::optional<Temporal> add_duration(const Temporal& moment, const Quantity& duration, bool subtract);
// "year" for year and years; empty for what is no calendar unit.
std::string_view calendar_unit(std::string_view word);

}  // namespace meridian::record::fhirpath
