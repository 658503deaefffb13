// Dates, numbers and quantities: what can be before, after, or about.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/time.h"
#include "record/query/conditions.h"
#include "record/store/index_rows.h"
#include "record/values/ucum.h"

namespace meridian::record {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;  // microseconds
constexpr std::string_view kUcum = "http://unitsofmeasure.org";
constexpr double kAbout = 0.1;  // "ap": FHIR R4 recommends 10 %, of a date: of its distance from now

Sql within(const IntervalColumns& columns, std::int64_t low, std::int64_t high) {
  return {columns.low + " >= ? AND " + columns.low + " <= ? AND " + columns.high + " <= ?",
          {low, high, high}};
}

// Rows whose interval reaches beyond a moment: those no longer than a day begin at most a day before it, the
// few others have an index of their own.
std::vector<Sql> reaching_beyond(const IntervalColumns& columns, std::int64_t moment) {
  if (columns.low == columns.high) return {{columns.high + " > ?", {moment}}};
  const std::int64_t earliest =
      moment < std::numeric_limits<std::int64_t>::min() + kDay ? moment : moment - kDay;
  return {{columns.low + " > ? AND " + columns.high + " > ?", {earliest, moment}},
          {columns.high + " > ? AND high / 2 - low / 2 >= 43200000000", {moment}}};
}

Sql overlapping(const IntervalColumns& columns, std::int64_t low, std::int64_t high) {
  return {columns.low + " <= ? AND " + columns.high + " >= ?", {high, low}};
}

DateInterval about(const DateInterval& interval) {
  const std::int64_t now_micros = now().time_since_epoch().count();
  const std::int64_t distance = std::abs(now_micros - (interval.low / 2 + interval.high / 2));
  const auto margin = static_cast<std::int64_t>(kAbout * static_cast<double>(distance));
  return {interval.low - margin, interval.high + margin};
}

// Rows whose interval reaches beyond a number; ends: or to it. Those that are no exact number have an index
// of their own.
std::vector<Sql> reaching_beyond(const IntervalColumns& columns, double number, bool ends) {
  const std::string than = ends ? " >= ?" : " > ?";
  return {{columns.low + than, {number}},
          {columns.high + than + " AND " + columns.high + " > " + columns.low, {number}}};
}

// The conditions on an interval, one of which must hold, with the prefix's meaning for numbers: beyond eq and
// ne the precision of what is asked for does not count (FHIR R4, 3.1.1.4.5).
std::vector<Sql> compare(Prefix prefix, const NumberInterval& number, const IntervalColumns& columns) {
  const auto& [low, high] = columns;
  switch (prefix) {
    case Prefix::gt:
      return reaching_beyond(columns, number.value, false);
    case Prefix::ge:
      return reaching_beyond(columns, number.value, true);
    case Prefix::sa:
      return {{low + " > ?", {number.value}}};
    case Prefix::lt:
      return {{low + " < ?", {number.value}}};
    case Prefix::le:
      return {{low + " <= ?", {number.value}}};
    case Prefix::eb:
      return {{high + " < ? AND " + low + " < ?", {number.value, number.value}}};
    case Prefix::ne:
      return {{"(" + low + " < ? OR " + high + " >= ?)", {number.low, number.high}}};
    case Prefix::ap: {
      const double margin = std::abs(number.value) * kAbout;
      const double from = number.value - margin, to = number.value + margin;
      return {{low + " BETWEEN ? AND ?", {from, to}},
              {low + " <= ? AND " + high + " >= ? AND " + high + " > " + low, {to, from}}};
    }
    case Prefix::eq:
      break;
  }
  return {{low + " >= ? AND " + low + " < ? AND " + high + " < ?", {number.low, number.high, number.high}}};
}

// Each of the alternatives with a condition before it.
void add_with(const Sql& condition, const std::vector<Sql>& alternatives, std::vector<Sql>& to) {
  for (const Sql& alternative : alternatives) to.push_back(Sql(condition).add(" AND ").add(alternative));
}

NumberInterval to_base_units(const NumberInterval& number, std::string_view text, const Unit& unit) {
  const auto decimal = Decimal::parse(text);
  const double value = to_base(*decimal, unit);
  const double half = (number.high - number.low) / 2;
  const double scale = number.value != 0 ? std::abs(value / number.value)
                                         : unit.numerator.to_double() / unit.denominator.to_double();
  // Conversion rounds: a billionth of the value must not decide.
  const double slack = std::abs(value) * 1e-9;
  return {value - half * scale - slack, value + half * scale + slack, value};
}

}  // namespace

std::vector<Sql> date_conditions(std::string_view value, const IntervalColumns& columns) {
  const Prefix prefix = take_prefix(value);
  const DateInterval interval = parse_date_interval(value);
  switch (prefix) {
    case Prefix::eq:
      return {within(columns, interval.low, interval.high)};
    case Prefix::ne:
      return {
          {"NOT (" + columns.low + " >= ? AND " + columns.high + " <= ?)", {interval.low, interval.high}}};
    case Prefix::gt:
      return reaching_beyond(columns, interval.high);
    case Prefix::lt:
      return {{columns.low + " < ?", {interval.low}}};
    case Prefix::sa:
      return {{columns.low + " > ?", {interval.high}}};
    case Prefix::eb:
      return {{columns.high + " < ? AND " + columns.low + " < ?", {interval.low, interval.low}}};
    case Prefix::ap: {
      const DateInterval wide = about(interval);
      return {overlapping(columns, wide.low, wide.high)};
    }
    case Prefix::ge: {
      std::vector<Sql> alternatives = reaching_beyond(columns, interval.high);
      alternatives.push_back(within(columns, interval.low, interval.high));
      return alternatives;
    }
    case Prefix::le:
      return {{columns.low + " < ?", {interval.low}}, within(columns, interval.low, interval.high)};
  }
  return {};
}

Sql overlap_condition(std::string_view value, const IntervalColumns& columns) {
  const DateInterval interval = parse_date_interval(value);
  return overlapping(columns, interval.low, interval.high);
}

std::vector<Sql> number_conditions(std::string_view value, const IntervalColumns& columns) {
  const Prefix prefix = take_prefix(value);
  return compare(prefix, parse_number_interval(value), columns);
}

std::vector<Sql> quantity_conditions(std::string_view value, const QuantityColumns& columns) {
  const Prefix prefix = take_prefix(value);
  const std::vector<std::string> parts = split_unescaped(value, '|');
  if (parts.size() != 1 && parts.size() != 3)
    throw Error(ErrorCode::invalid_value,
                "\"" + std::string(value.substr(0, 80)) + "\" is not a quantity as 5.4 or 5.4|system|code");
  const NumberInterval number = parse_number_interval(parts[0]);
  const std::vector<Sql> compared = compare(prefix, number, columns.interval);
  std::vector<Sql> alternatives;
  if (parts.size() == 1) {
    add_with({columns.system + " <> ?", {kCanonicalUnits}}, compared, alternatives);
    return alternatives;
  }
  const std::string system = unescape(parts[1]), code = unescape(parts[2]);
  const auto unit = system.empty() || system == kUcum ? find_unit(code) : nullptr;
  if (unit && prefix != Prefix::ne)
    add_with({columns.code + " = ? AND " + columns.system + " = ?", {unit->base(), kCanonicalUnits}},
             compare(prefix, to_base_units(number, parts[0], *unit), columns.interval), alternatives);
  if (!alternatives.empty() && system == kUcum) return alternatives;  // all of UCUM are kept in base units
  Sql as_written{columns.code + " = ? AND " + columns.system, {code}};
  as_written.add(system.empty() ? " <> ?" : " = ?",
                 {system.empty() ? kCanonicalUnits : hash_of_system(system)});
  add_with(as_written, compared, alternatives);
  return alternatives;
}

}  // namespace meridian::record
