// Units of measure as UCUM writes them, and what they are in base units.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/values/decimal.h"

namespace meridian::record {

// One of the unit is numerator / denominator of the base units, after the offset (of degrees) is added to the
// value.
struct Unit {
  Decimal numerator{1}, denominator{1};
  Decimal offset;
  std::vector<std::pair<std::string, int>> dimensions;  // base units with their exponents, sorted
  std::string base() const;                             // "g.m-3"; "1" when it is a plain number
};

// Reads "mg/dL", "10*3/uL", "mm[Hg]", "{beats}/min"; a null pointer when it is no unit that the table
// (knowledge/ucum_units.csv) knows.
std::shared_ptr<const Unit> find_unit(std::string_view code);

// The value in base units.
double to_base(const Decimal& value, const Unit& unit);
// Exactly, where 36 digits suffice.
std::optional<Decimal> to_base_exactly(const Decimal& value, const Unit& unit);
// The value in another unit of the same dimensions; nothing when they differ.
std::optional<Decimal> convert(const Decimal& value, const Unit& from, const Unit& to);

}  // namespace meridian::record
