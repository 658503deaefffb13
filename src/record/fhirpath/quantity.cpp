#include "record/fhirpath/quantity.h"

#include <algorithm>
#include <array>

#include "record/fhirpath/evaluation.h"
#include "record/values/ucum.h"

namespace meridian::record::fhirpath {
namespace {

struct CalendarName {
  std::string_view word;
  std::string_view ucum;
  CalendarUnit unit;
  bool definite;  // as long as the UCUM unit; years and months are not
};
constexpr std::array<CalendarName, 8> kCalendar{{{"year", "a", CalendarUnit::year, false},
                                                 {"month", "mo", CalendarUnit::month, false},
                                                 {"week", "wk", CalendarUnit::week, true},
                                                 {"day", "d", CalendarUnit::day, true},
                                                 {"hour", "h", CalendarUnit::hour, true},
                                                 {"minute", "min", CalendarUnit::minute, true},
                                                 {"second", "s", CalendarUnit::second, true},
                                                 {"millisecond", "ms", CalendarUnit::millisecond, true}}};

const CalendarName* calendar_name(std::string_view word) {
  if (word.ends_with('s') && word != "s" && word != "ms") word.remove_suffix(1);
  const auto found = std::ranges::find(kCalendar, word, &CalendarName::word);
  return found == kCalendar.end() ? nullptr : &*found;
}

bool is_indefinite(const Quantity& quantity) {
  const CalendarName* name = quantity.calendar ? calendar_name(quantity.unit) : nullptr;
  return name && !name->definite;
}

std::shared_ptr<const Unit> unit_of(const Quantity& quantity) {
  const CalendarName* name = quantity.calendar ? calendar_name(quantity.unit) : nullptr;
  return find_unit(name ? name->ucum : std::string_view(quantity.unit));
}

// Calendar years in months, so that years and months compare.
std::optional<Decimal> months_of(const Quantity& quantity) {
  return quantity.unit == "year" ? multiply(quantity.value, Decimal(12)) : std::optional(quantity.value);
}

std::strong_ordering order_of(double a, double b) {
  return a < b   ? std::strong_ordering::less
         : a > b ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::string joined(const std::string& a, const std::string& b, char op) {
  const bool compound = b.find_first_of("./") != std::string::npos;
  if (op == '.' && a == "1") return b;
  if (b == "1") return a;
  return a + op + (compound && op == '/' ? "(" + b + ")" : b);
}

std::optional<Quantity> combined(const Quantity& a, const Quantity& b, char op,
                                 std::optional<Decimal> value) {
  const CalendarName* name_a = a.calendar ? calendar_name(a.unit) : nullptr;
  const CalendarName* name_b = b.calendar ? calendar_name(b.unit) : nullptr;
  const std::string left(name_a ? name_a->ucum : a.unit), right(name_b ? name_b->ucum : b.unit);
  if (!value) return std::nullopt;
  Quantity result{*value, joined(left, right, op), false};
  const auto unit = find_unit(result.unit);
  if (unit && unit->dimensions.empty() && compare(unit->numerator, unit->denominator) == 0) result.unit = "1";
  return result;
}

}  // namespace

std::string_view calendar_unit(std::string_view word) {
  const CalendarName* name = calendar_name(word);
  return name ? name->word : std::string_view();
}

bool comparable(const Quantity& a, const Quantity& b) {
  if (a.unit == b.unit && a.calendar == b.calendar) return true;
  if (is_indefinite(a) || is_indefinite(b)) return is_indefinite(a) && is_indefinite(b);
  const auto x = unit_of(a), y = unit_of(b);
  return x && y && x->dimensions == y->dimensions;
}

std::optional<std::strong_ordering> compare_quantities(const Quantity& a, const Quantity& b) {
  if (a.unit == b.unit && a.calendar == b.calendar) return compare(a.value, b.value);
  if (!comparable(a, b)) return std::nullopt;
  if (is_indefinite(a)) {
    const auto x = months_of(a), y = months_of(b);
    return x && y ? std::optional(compare(*x, *y)) : std::nullopt;
  }
  const auto x = unit_of(a), y = unit_of(b);
  const auto exact_a = to_base_exactly(a.value, *x), exact_b = to_base_exactly(b.value, *y);
  if (exact_a && exact_b) return compare(*exact_a, *exact_b);
  return order_of(to_base(a.value, *x), to_base(b.value, *y));
}

bool equivalent_quantities(const Quantity& a, const Quantity& b) {
  const auto x = unit_of(a), y = unit_of(b);
  if (!x || !y) return a.unit == b.unit && compare(a.value, b.value) == 0;
  const auto converted = convert(b.value, *y, *x);
  if (!converted) return false;
  const int places = std::min(a.value.normalized().scale(), converted->normalized().scale());
  const auto left = a.value.rounded(places), right = converted->rounded(places);
  return left && right && compare(*left, *right) == 0;
}

std::optional<Quantity> add_quantities(const Quantity& a, const Quantity& b, bool subtract) {
  std::optional<Decimal> other = b.value;
  if (a.unit != b.unit || a.calendar != b.calendar) {
    if (!comparable(a, b) || is_indefinite(a)) return std::nullopt;
    other = convert(b.value, *unit_of(b), *unit_of(a));
  }
  const auto sum = !other     ? std::nullopt
                   : subtract ? record::subtract(a.value, *other)
                              : add(a.value, *other);
  return sum ? std::optional(Quantity{*sum, a.unit, a.calendar}) : std::nullopt;
}

std::optional<Quantity> convert_quantity(const Quantity& quantity, std::string_view unit) {
  const std::string_view calendar = calendar_unit(unit);
  Quantity converted{quantity.value, std::string(calendar.empty() ? unit : calendar), !calendar.empty()};
  if (!comparable(quantity, converted)) return std::nullopt;
  if (quantity.unit == converted.unit && quantity.calendar == converted.calendar) return converted;
  const auto value = convert(quantity.value, *unit_of(quantity), *unit_of(converted));
  if (!value) return std::nullopt;
  converted.value = *value;
  return converted;
}

std::optional<Quantity> multiply_quantities(const Quantity& a, const Quantity& b) {
  return combined(a, b, '.', multiply(a.value, b.value));
}

std::optional<Quantity> divide_quantities(const Quantity& a, const Quantity& b) {
  const auto quotient = divide(a.value, b.value);
  return combined(a, b, '/', quotient ? std::optional(quotient->normalized()) : std::nullopt);
}

std::optional<Temporal> add_duration(const Temporal& moment, const Quantity& duration, bool subtract) {
  const CalendarName* name = calendar_name(duration.unit);
  if (!name) {
    const auto found = std::ranges::find(kCalendar, duration.unit, &CalendarName::ucum);
    if (found != kCalendar.end() && found->definite) name = &*found;
  }
  if (!name) evaluation_error("'" + duration.unit + "' is no duration to move a date by");
  const auto whole = duration.value.truncated();
  if (!whole || whole->digits() > INT64_MAX / 2 || whole->digits() < INT64_MIN / 2) return std::nullopt;
  const auto amount = static_cast<std::int64_t>(whole->digits());
  return add(moment, subtract ? -amount : amount, name->unit);
}

}  // namespace meridian::record::fhirpath
