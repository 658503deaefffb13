#include "record/fhirpath/value.h"

#include <utility>

namespace meridian::record::fhirpath {
namespace {

enum class PrimitiveKind : std::uint8_t { none, boolean, integer, decimal, text, date, date_time, time };

PrimitiveKind kind_by_name(const TypeDefinition& type) {
  static const std::vector<std::pair<std::string_view, PrimitiveKind>> kKinds{
      {"boolean", PrimitiveKind::boolean},    {"integer", PrimitiveKind::integer},
      {"decimal", PrimitiveKind::decimal},    {"date", PrimitiveKind::date},
      {"dateTime", PrimitiveKind::date_time}, {"instant", PrimitiveKind::date_time},
      {"time", PrimitiveKind::time}};
  if (!type.is_primitive()) return PrimitiveKind::none;
  for (const TypeDefinition* base = &type; base; base = base->base)
    for (const auto& [name, kind] : kKinds)
      if (base->name == name) return kind;
  return PrimitiveKind::text;
}

PrimitiveKind kind_of(const TypeDefinition* type) {
  static const std::vector<PrimitiveKind> kKinds = [] {
    std::vector<PrimitiveKind> kinds;
    for (const TypeDefinition& known : type_definitions()) kinds.push_back(kind_by_name(known));
    return kinds;
  }();
  return kKinds[static_cast<std::size_t>(type - type_definitions().data())];
}

// An element without type has the kind of its JSON.
PrimitiveKind kind_of(const Element& element) {
  if (element.type) return kind_of(element.type);
  if (!element.value) return PrimitiveKind::none;
  if (element.value->is_bool()) return PrimitiveKind::boolean;
  if (element.value->is_string()) return PrimitiveKind::text;
  return element.value->is_number() ? PrimitiveKind::decimal : PrimitiveKind::none;
}

std::optional<Temporal> read_temporal(PrimitiveKind kind, const Json& value) {
  if (!value.is_string()) return std::nullopt;
  switch (kind) {
    case PrimitiveKind::date:
      return Temporal::parse_date(value.as_string());
    case PrimitiveKind::date_time:
      return Temporal::parse_date_time(value.as_string());
    case PrimitiveKind::time:
      return Temporal::parse_time(value.as_string());
    default:
      return std::nullopt;
  }
}

std::optional<Decimal> read_decimal(const Json& value) {
  return value.is_number() ? Decimal::parse(value.number_text()) : std::nullopt;
}

std::optional<std::int64_t> read_integer(const Json& value) {
  const auto decimal = read_decimal(value);
  if (!decimal || decimal->scale() != 0 || decimal->digits() > INT64_MAX || decimal->digits() < INT64_MIN)
    return std::nullopt;
  return static_cast<std::int64_t>(decimal->digits());
}

bool is_fhir_quantity(const Element& element) {
  static const TypeDefinition& quantity = *find_type("Quantity");
  return element.type && element.value && element.value->is_object() && element.type->is_a(quantity);
}

// FHIR writes a calendar duration as UCUM: its "a" and "mo" stay definite durations here.
std::optional<Quantity> read_quantity(const Element& element) {
  if (!is_fhir_quantity(element)) return std::nullopt;
  const Json* value = element.value->find("value");
  const auto number = value ? read_decimal(*value) : std::nullopt;
  if (!number) return std::nullopt;
  std::string unit = element.value->text("code");
  if (unit.empty()) unit = element.value->text("unit", "1");
  return Quantity{*number, std::move(unit), false};
}

template <typename Value>
std::optional<Item> as_item(std::optional<Value> value) {
  return value ? std::optional<Item>(std::move(*value)) : std::nullopt;
}

std::string quantity_text(const Quantity& quantity) {
  if (!quantity.calendar) return quantity.value.text() + " '" + quantity.unit + "'";
  const bool one = compare(quantity.value, Decimal(1)) == 0;
  return quantity.value.text() + " " + quantity.unit + (one ? "" : "s");
}

}  // namespace

std::optional<Item> system_value(const Item& item) {
  const auto* element = std::get_if<Element>(&item);
  if (!element) return item;
  if (!element->value) return std::nullopt;
  switch (const PrimitiveKind kind = kind_of(*element)) {
    case PrimitiveKind::none:
      break;
    case PrimitiveKind::boolean:
      return as_item(as_boolean(item));
    case PrimitiveKind::integer:
      return as_item(read_integer(*element->value));
    case PrimitiveKind::decimal:
      return as_item(read_decimal(*element->value));
    case PrimitiveKind::text:
      return element->value->is_string() ? std::optional<Item>(element->value->as_string()) : std::nullopt;
    default:
      return as_item(read_temporal(kind, *element->value));
  }
  if (auto quantity = read_quantity(*element))
    return Item(std::make_shared<const Quantity>(std::move(*quantity)));
  return std::nullopt;
}

std::optional<std::string_view> as_text(const Item& item) {
  if (const auto* text = std::get_if<std::string>(&item)) return *text;
  const auto* element = std::get_if<Element>(&item);
  if (!element || !element->value || !element->value->is_string() || kind_of(*element) != PrimitiveKind::text)
    return std::nullopt;
  return element->value->as_string();
}

std::optional<bool> as_boolean(const Item& item) {
  if (const auto* value = std::get_if<bool>(&item)) return *value;
  const auto* element = std::get_if<Element>(&item);
  if (!element || !element->value || !element->value->is_bool()) return std::nullopt;
  return element->value->as_bool();
}

std::optional<std::int64_t> as_integer(const Item& item) {
  if (const auto* value = std::get_if<std::int64_t>(&item)) return *value;
  const auto* element = std::get_if<Element>(&item);
  if (!element || !element->value || kind_of(*element) != PrimitiveKind::integer) return std::nullopt;
  return read_integer(*element->value);
}

std::optional<Decimal> as_decimal(const Item& item) {
  if (const auto* value = std::get_if<Decimal>(&item)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&item)) return Decimal(*value);
  const auto* element = std::get_if<Element>(&item);
  return element && element->value ? read_decimal(*element->value) : std::nullopt;
}

std::optional<Temporal> as_temporal(const Item& item) {
  if (const auto* value = std::get_if<Temporal>(&item)) return *value;
  const auto* element = std::get_if<Element>(&item);
  return element && element->value ? read_temporal(kind_of(*element), *element->value) : std::nullopt;
}

std::optional<Quantity> as_quantity(const Item& item) {
  if (const auto* value = std::get_if<QuantityPointer>(&item)) return **value;
  const auto* element = std::get_if<Element>(&item);
  return element ? read_quantity(*element) : std::nullopt;
}

TypeName type_of(const Item& item) {
  static constexpr const char* kSystem[] = {"",       "Boolean", "Integer",  "Decimal",
                                            "String", "",        "Quantity", "TypeInfo"};
  if (const auto* element = std::get_if<Element>(&item)) {
    const TypeDefinition* type = element->type;
    if (type && type->kind == TypeDefinition::Kind::backbone) type = type->base;
    return {"FHIR", type ? std::string(type->name) : "Element"};
  }
  if (const auto* temporal = std::get_if<Temporal>(&item)) {
    if (temporal->kind == Temporal::Kind::date) return {"System", "Date"};
    return {"System", temporal->kind == Temporal::Kind::time ? "Time" : "DateTime"};
  }
  return {"System", kSystem[item.index()]};
}

std::optional<std::string> text_of(const Item& item) {
  if (const auto text = as_text(item)) return std::string(*text);
  if (const auto value = as_boolean(item)) return *value ? "true" : "false";
  if (const auto value = as_integer(item)) return std::to_string(*value);
  if (const auto value = as_decimal(item)) return value->text();
  if (const auto value = as_temporal(item)) return value->text();
  if (const auto value = as_quantity(item)) return quantity_text(*value);
  return std::nullopt;
}

bool has_value(const Item& item) {
  const auto* element = std::get_if<Element>(&item);
  if (!element) return true;
  return element->value && !element->value->is_null() && kind_of(*element) != PrimitiveKind::none;
}

}  // namespace meridian::record::fhirpath
