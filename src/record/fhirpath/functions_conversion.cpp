// Conversions between System types: toInteger, convertsToInteger ...; and type().
#include <algorithm>

#include "base/text.h"
#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/quantity.h"

namespace meridian::record::fhirpath {
namespace {

using Converter = std::optional<Item> (*)(const Item&);

std::optional<Item> to_boolean(const Item& item) {
  static constexpr std::string_view kTrue[] = {"true", "t", "yes", "y", "1", "1.0"};
  static constexpr std::string_view kFalse[] = {"false", "f", "no", "n", "0", "0.0"};
  if (const auto value = as_boolean(item)) return *value;
  if (const auto number = as_decimal(item)) {
    if (compare(*number, Decimal(1)) == 0) return true;
    return number->digits() == 0 ? std::optional<Item>(false) : std::nullopt;
  }
  const auto text = as_text(item);
  if (!text) return std::nullopt;
  const std::string lower = lower_case(*text);
  if (std::ranges::find(kTrue, lower) != std::end(kTrue)) return true;
  return std::ranges::find(kFalse, lower) != std::end(kFalse) ? std::optional<Item>(false) : std::nullopt;
}

std::optional<Item> to_integer(const Item& item) {
  if (const auto value = as_boolean(item)) return std::int64_t{*value};
  if (const auto value = as_integer(item)) return *value;
  const auto text = as_text(item);
  if (!text || text->find_first_of(".eE") != std::string_view::npos) return std::nullopt;
  const auto number = Decimal::parse(*text);
  if (!number || number->digits() > INT32_MAX || number->digits() < INT32_MIN) return std::nullopt;
  return static_cast<std::int64_t>(number->digits());
}

std::optional<Item> to_decimal(const Item& item) {
  if (const auto value = as_boolean(item)) return Decimal(*value);
  if (const auto value = as_decimal(item)) return *value;
  const auto text = as_text(item);
  if (!text || text->find_first_of("eE") != std::string_view::npos) return std::nullopt;
  const auto number = Decimal::parse(*text);
  return number ? std::optional<Item>(*number) : std::nullopt;
}

std::optional<Item> to_text(const Item& item) {
  auto text = text_of(item);
  return text ? std::optional<Item>(std::move(*text)) : std::nullopt;
}

std::optional<Item> to_date(const Item& item) {
  if (const auto moment = as_temporal(item))
    return moment->kind == Temporal::Kind::time ? std::nullopt : std::optional<Item>(moment->as_date());
  const auto text = as_text(item);
  const auto moment = text ? Temporal::parse_date_time(*text) : std::nullopt;
  return moment ? std::optional<Item>(moment->as_date()) : std::nullopt;
}

std::optional<Item> to_date_time(const Item& item) {
  if (const auto moment = as_temporal(item))
    return moment->kind == Temporal::Kind::time ? std::nullopt : std::optional<Item>(moment->as_date_time());
  const auto text = as_text(item);
  const auto moment = text ? Temporal::parse_date_time(*text) : std::nullopt;
  return moment ? std::optional<Item>(*moment) : std::nullopt;
}

std::optional<Item> to_time(const Item& item) {
  if (const auto moment = as_temporal(item))
    return moment->kind == Temporal::Kind::time ? std::optional<Item>(*moment) : std::nullopt;
  const auto text = as_text(item);
  const auto moment =
      text ? Temporal::parse_time(text->starts_with('T') ? text->substr(1) : *text) : std::nullopt;
  return moment ? std::optional<Item>(*moment) : std::nullopt;
}

Item quantity_item(Decimal value, std::string unit, bool calendar) {
  return std::make_shared<const Quantity>(Quantity{value, std::move(unit), calendar});
}

// "4 days", "10 'mg'", "1.5"
std::optional<Item> quantity_of_text(std::string_view text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const auto value = Decimal::parse(text.substr(0, end));
  if (!value) return std::nullopt;
  std::string_view unit = text.substr(end);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit.empty()) return quantity_item(*value, "1", false);
  if (unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'')
    return quantity_item(*value, std::string(unit.substr(1, unit.size() - 2)), false);
  const std::string_view calendar = calendar_unit(unit);
  return calendar.empty() ? std::nullopt : std::optional(quantity_item(*value, std::string(calendar), true));
}

std::optional<Item> to_quantity(const Item& item) {
  if (const auto value = as_quantity(item)) return quantity_item(value->value, value->unit, value->calendar);
  if (const auto value = as_boolean(item)) return quantity_item(Decimal(*value), "1", false);
  if (const auto value = as_decimal(item)) return quantity_item(*value, "1", false);
  const auto text = as_text(item);
  return text ? quantity_of_text(*text) : std::nullopt;
}

// toQuantity('mg')
std::optional<Item> quantity_in_unit(Evaluation& evaluation, const Item& item, const Expression& call) {
  std::optional<Item> found = to_quantity(item);
  if (call.operands.empty() || !found) return found;
  const auto unit = evaluation.text_argument(call, 0);
  const auto converted =
      unit ? convert_quantity(*std::get<QuantityPointer>(*found), *unit) : std::optional<Quantity>();
  return converted ? std::optional(quantity_item(converted->value, converted->unit, converted->calendar))
                   : std::nullopt;
}

Collection as_a_quantity(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of toQuantity");
  return item ? maybe(quantity_in_unit(evaluation, *item, call)) : Collection();
}

Collection is_a_quantity(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of convertsToQuantity");
  return item ? one(quantity_in_unit(evaluation, *item, call).has_value()) : Collection();
}

template <Converter Convert>
Collection converted(Evaluation&, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of " + call.name);
  return item ? maybe(Convert(*item)) : Collection();
}

template <Converter Convert>
Collection converts(Evaluation&, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of " + call.name);
  return item ? one(Convert(*item).has_value()) : Collection();
}

Collection type(Evaluation&, const Collection& input, const Expression&) {
  Collection types;
  for (const Item& item : input) types.emplace_back(std::make_shared<const TypeName>(type_of(item)));
  return types;
}

constexpr Function kFunctions[] = {
    {"toBoolean", 0, 0, converted<to_boolean>},
    {"toInteger", 0, 0, converted<to_integer>},
    {"toDecimal", 0, 0, converted<to_decimal>},
    {"toString", 0, 0, converted<to_text>},
    {"toDate", 0, 0, converted<to_date>},
    {"toDateTime", 0, 0, converted<to_date_time>},
    {"toTime", 0, 0, converted<to_time>},
    {"toQuantity", 0, 1, as_a_quantity},
    {"convertsToBoolean", 0, 0, converts<to_boolean>},
    {"convertsToInteger", 0, 0, converts<to_integer>},
    {"convertsToDecimal", 0, 0, converts<to_decimal>},
    {"convertsToString", 0, 0, converts<to_text>},
    {"convertsToDate", 0, 0, converts<to_date>},
    {"convertsToDateTime", 0, 0, converts<to_date_time>},
    {"convertsToTime", 0, 0, converts<to_time>},
    {"convertsToQuantity", 0, 1, is_a_quantity},
    {"type", 0, 0, type},
};

}  // namespace

std::span<const Function> conversion_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
