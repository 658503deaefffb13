// precision, lowBoundary, highBoundary and comparable: how exactly a value is known.
#include <algorithm>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/quantity.h"

namespace meridian::record::fhirpath {
namespace {

using Precision = Temporal::Precision;

constexpr std::int64_t kMostPlaces = 28;  // of a decimal boundary
constexpr std::int64_t kDefaultPlaces = 8;
constexpr std::int64_t kMilliseconds = 17;  // digits of a dateTime to the millisecond
constexpr std::int64_t kTimeMilliseconds = 9;

// Digits that a moment is written with: a year has 4, a dateTime to the millisecond 17, a time to the
// minute 4.
std::int64_t digits_of(const Temporal& moment) {
  static constexpr std::int64_t kDateTime[] = {4, 6, 8, 10, 12, 14, 17};
  static constexpr std::int64_t kTime[] = {0, 0, 0, 2, 4, 6, 9};
  const auto place = static_cast<std::size_t>(moment.precision);
  return moment.kind == Temporal::Kind::time ? kTime[place] : kDateTime[place];
}

std::optional<Precision> precision_of(std::int64_t digits, Temporal::Kind kind) {
  Temporal moment;
  moment.kind = kind;
  const auto first = kind == Temporal::Kind::time ? Precision::hour : Precision::year;
  const auto last = kind == Temporal::Kind::date ? Precision::day : Precision::fraction;
  for (int p = static_cast<int>(first); p <= static_cast<int>(last); ++p) {
    moment.precision = static_cast<Precision>(p);
    if (digits_of(moment) == digits) return moment.precision;
  }
  return std::nullopt;
}

Collection precision(Evaluation&, const Collection& input, const Expression&) {
  const Item* item = only_item(input, "The input of precision");
  if (!item) return {};
  if (const auto moment = as_temporal(*item)) return one(digits_of(*moment));
  if (const auto number = as_decimal(*item)) return one(std::int64_t{number->scale()});
  evaluation_error("precision applies to decimals and dates, not to " + type_of(*item).name);
}

template <bool High>
std::optional<Decimal> boundary_of(const Decimal& value, std::int64_t places) {
  if (places < 0 || places > kMostPlaces) return std::nullopt;
  const Decimal half(5, value.scale() + 1);
  const auto edge = High ? add(value, half) : subtract(value, half);
  if (!edge) return std::nullopt;
  return High ? edge->ceiled(static_cast<int>(places)) : edge->floored(static_cast<int>(places));
}

// Fills what the moment does not say with the least or the greatest that it may be.
template <bool High>
Temporal filled(Temporal moment, Precision precision) {
  const Precision known = moment.precision;
  moment.precision = precision;
  if (precision < Precision::month || known >= precision) return moment;
  if (known < Precision::month) moment.month = High ? 12 : 1;
  if (known < Precision::day) {
    const auto last = std::chrono::year(moment.year) / std::chrono::month(moment.month) / std::chrono::last;
    moment.day = High ? static_cast<std::uint8_t>(unsigned(last.day())) : 1;
  }
  if (known < Precision::hour) moment.hour = High ? 23 : 0;
  if (known < Precision::minute) moment.minute = High ? 59 : 0;
  if (known < Precision::second) moment.second = High ? 59 : 0;
  if (precision == Precision::fraction) {
    moment.microsecond = High ? 999'000 : 0;
    moment.fraction_digits = 3;
  }
  return moment;
}

template <bool High>
std::optional<Temporal> boundary_of(const Temporal& moment, std::optional<std::int64_t> digits) {
  const std::int64_t wanted = digits.value_or(moment.kind == Temporal::Kind::date   ? 8
                                              : moment.kind == Temporal::Kind::time ? kTimeMilliseconds
                                                                                    : kMilliseconds);
  const auto precision = precision_of(wanted, moment.kind);
  if (!precision) return std::nullopt;
  Temporal edge = filled<High>(moment, *precision);
  if (edge.kind == Temporal::Kind::date_time && edge.precision >= Precision::hour && !edge.has_zone) {
    edge.has_zone = true;
    edge.offset_minutes = High ? -12 * 60 : 14 * 60;
  }
  return edge;
}

template <bool High>
Collection boundary(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of " + call.name);
  if (!item) return {};
  const auto digits = evaluation.integer_argument(call, 0);
  if (const auto moment = as_temporal(*item)) return maybe(boundary_of<High>(*moment, digits));
  if (const auto number = as_decimal(*item))
    return maybe(boundary_of<High>(*number, digits.value_or(kDefaultPlaces)));
  auto quantity = as_quantity(*item);
  if (!quantity) evaluation_error(call.name + " applies to numbers and dates, not to " + type_of(*item).name);
  const auto edge = boundary_of<High>(quantity->value, digits.value_or(kDefaultPlaces));
  if (!edge) return {};
  quantity->value = *edge;
  return one(std::make_shared<const Quantity>(*quantity));
}

Collection comparable_units(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of comparable");
  const Collection argument = evaluation.evaluate(call.operands[0]);
  const Item* other = only_item(argument, "The argument of comparable");
  if (!item || !other) return {};
  const auto a = as_quantity(*item), b = as_quantity(*other);
  return one(a && b && comparable(*a, *b));
}

constexpr Function kFunctions[] = {
    {"precision", 0, 0, precision},
    {"lowBoundary", 0, 1, boundary<false>},
    {"highBoundary", 0, 1, boundary<true>},
    {"comparable", 1, 1, comparable_units},
};

}  // namespace

std::span<const Function> boundary_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
