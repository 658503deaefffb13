#include "record/search/keys.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"
#include "record/values/decimal.h"
#include "record/values/fold.h"
#include "record/values/temporal.h"
#include "record/values/ucum.h"

namespace meridian::record {
namespace {

using Keys = std::vector<SearchKey>;

constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::string_view kUcum = "http://unitsofmeasure.org";

std::string text_at(const Json& value, std::string_view name) {
  const Json* found = value.find(name);
  return found && found->is_string() ? found->as_string() : std::string();
}

template <typename Visit>
void for_each_item(const Json* value, Visit visit) {
  if (!value) return;
  if (!value->is_array()) return visit(*value);
  for (const Json& item : value->items()) visit(item);
}

// ---- string ----

void add_string(const Json& value, Keys& keys) {
  if (value.is_string()) keys.emplace_back(StringKey{value.as_string(), fold(value.as_string())});
}

void string_of_text(const Json& value, std::string_view, Keys& keys) {
  add_string(value, keys);
}

template <std::size_t N>
void add_strings(const Json& value, const std::array<std::string_view, N>& names, Keys& keys) {
  for (const std::string_view name : names)
    for_each_item(value.find(name), [&](const Json& item) { add_string(item, keys); });
}

void string_of_name(const Json& value, std::string_view, Keys& keys) {
  static constexpr std::array<std::string_view, 5> kParts{"text", "family", "given", "prefix", "suffix"};
  add_strings(value, kParts, keys);
}

void string_of_address(const Json& value, std::string_view, Keys& keys) {
  static constexpr std::array<std::string_view, 7> kParts{"text",  "line",       "city",   "district",
                                                          "state", "postalCode", "country"};
  add_strings(value, kParts, keys);
}

void string_of_concept(const Json& value, std::string_view, Keys& keys) {
  add_strings(value, std::array<std::string_view, 1>{"text"}, keys);
  for_each_item(value.find("coding"), [&](const Json& coding) {
    add_strings(coding, std::array<std::string_view, 1>{"display"}, keys);
  });
}

// ---- token ----

void token_of_text(const Json& value, std::string_view system, Keys& keys) {
  if (value.is_string()) keys.emplace_back(TokenKey{std::string(system), value.as_string(), {}});
}

// FHIR R4, 3.1.1.4.10: of strings the case does not matter.
void token_of_string(const Json& value, std::string_view system, Keys& keys) {
  if (value.is_string())
    keys.emplace_back(TokenKey{std::string(system), lower_case(value.as_string()), {}, true});
}

void token_of_boolean(const Json& value, std::string_view, Keys& keys) {
  if (value.is_bool()) keys.emplace_back(TokenKey{{}, value.as_bool() ? "true" : "false", {}});
}

void token_of_coding(const Json& value, std::string_view, Keys& keys) {
  TokenKey key{text_at(value, "system"), text_at(value, "code"), text_at(value, "display")};
  if (!key.system.empty() || !key.code.empty() || !key.display.empty()) keys.emplace_back(std::move(key));
}

void token_of_concept(const Json& value, std::string_view, Keys& keys) {
  for_each_item(value.find("coding"), [&](const Json& coding) { token_of_coding(coding, {}, keys); });
  if (std::string text = text_at(value, "text"); !text.empty())
    keys.emplace_back(TokenKey{{}, {}, std::move(text)});
}

void token_of_identifier(const Json& value, std::string_view, Keys& keys) {
  TokenKey key{text_at(value, "system"), text_at(value, "value"), value.text("type.text")};
  if (!key.code.empty())
    for_each_item(value.get("type").find("coding"), [&](const Json& type) {
      keys.emplace_back(
          TokenKey{system_of_type(text_at(type, "system"), text_at(type, "code")), key.code, {}});
    });
  if (!key.system.empty() || !key.code.empty()) keys.emplace_back(std::move(key));
}

void token_of_contact(const Json& value, std::string_view, Keys& keys) {
  if (std::string text = text_at(value, "value"); !text.empty())
    keys.emplace_back(TokenKey{{}, std::move(text), {}});
}

// ---- reference and uri ----

void reference_of_reference(const Json& value, std::string_view, Keys& keys) {
  ReferenceKey key;
  const Json* reference = value.find("reference");
  if (reference && reference->is_string() && !reference->as_string().starts_with('#'))
    key = reference_key(reference->as_string());
  if (key.type.empty()) key.type = text_at(value, "type");
  if (const Json* identifier = value.find("identifier")) {
    key.identifier_system = text_at(*identifier, "system");
    key.identifier_value = text_at(*identifier, "value");
  }
  if (!key.id.empty() || !key.url.empty() || !key.identifier_value.empty()) keys.emplace_back(std::move(key));
}

void reference_of_uri(const Json& value, std::string_view, Keys& keys) {
  if (value.is_string() && !value.as_string().starts_with('#'))
    keys.emplace_back(reference_key(value.as_string()));
}

void reference_of_resource(const Json& value, std::string_view, Keys& keys) {
  ReferenceKey key;
  key.type = text_at(value, "resourceType");
  key.id = text_at(value, "id");
  if (!key.id.empty()) keys.emplace_back(std::move(key));
}

void uri_of_text(const Json& value, std::string_view, Keys& keys) {
  if (value.is_string()) keys.emplace_back(UriKey{value.as_string()});
}

// ---- date ----

std::optional<DateKey> interval_of(const Json* value) {
  if (!value || !value->is_string()) return std::nullopt;
  const auto moment = Temporal::parse_date_time(value->as_string());
  return moment ? std::optional(DateKey{moment->first_microsecond(), moment->last_microsecond()})
                : std::nullopt;
}

void date_of_text(const Json& value, std::string_view, Keys& keys) {
  if (const auto interval = interval_of(&value)) keys.emplace_back(*interval);
}

void date_of_period(const Json& value, std::string_view, Keys& keys) {
  const auto start = interval_of(value.find("start")), end = interval_of(value.find("end"));
  if (start || end) keys.emplace_back(DateKey{start ? start->low : kEarliest, end ? end->high : kLatest});
}

// The time from a schedule's first event to its last.
void date_of_timing(const Json& value, std::string_view, Keys& keys) {
  std::optional<DateKey> whole;
  for_each_item(value.find("event"), [&](const Json& event) {
    const auto one = interval_of(&event);
    if (one && whole)
      whole = DateKey{std::min(whole->low, one->low), std::max(whole->high, one->high)};
    else if (one)
      whole = one;
  });
  if (whole) keys.emplace_back(*whole);
  const Json& bounds = value.get("repeat.boundsPeriod");
  if (bounds.is_object()) date_of_period(bounds, {}, keys);
}

// ---- number and quantity ----

std::optional<Decimal> decimal_of(const Json* value) {
  return value && value->is_number() ? Decimal::parse(value->number_text()) : std::nullopt;
}

NumberKey exact_key(const Decimal& value) {
  const double number = value.to_double();
  return {number, number, number};
}

void number_of_number(const Json& value, std::string_view, Keys& keys) {
  if (const auto number = decimal_of(&value)) keys.emplace_back(exact_key(*number));
}

NumberKey spanned(const std::optional<NumberKey>& low, const std::optional<NumberKey>& high) {
  NumberKey key{low ? low->low : -kInfinity, high ? high->high : kInfinity, 0};
  key.value = low ? low->value : high->value;
  return key;
}

void number_of_range(const Json& value, std::string_view, Keys& keys) {
  const auto low = decimal_of(&value.get("low.value")), high = decimal_of(&value.get("high.value"));
  if (!low && !high) return;
  keys.emplace_back(spanned(low ? std::optional(exact_key(*low)) : std::nullopt,
                            high ? std::optional(exact_key(*high)) : std::nullopt));
}

// The number in base units.
NumberKey canonical_key(const Decimal& value, const Unit& unit) {
  const double number = to_base(value, unit);
  return {number, number, number};
}

void bound_by(std::string_view comparator, NumberKey& key) {
  const double value = key.value;
  if (comparator == "<") key = {-kInfinity, std::nextafter(value, -kInfinity), value};
  if (comparator == "<=") key = {-kInfinity, value, value};
  if (comparator == ">") key = {std::nextafter(value, kInfinity), kInfinity, value};
  if (comparator == ">=") key = {value, kInfinity, value};
}

std::optional<QuantityKey> quantity_key(const Json* value) {
  const auto number = value ? decimal_of(value->find("value")) : std::nullopt;
  if (!number) return std::nullopt;
  QuantityKey key{text_at(*value, "system"),
                  text_at(*value, "code"),
                  text_at(*value, "unit"),
                  exact_key(*number),
                  {},
                  {}};
  if (key.code.empty()) key.code = key.unit;
  const std::string comparator = text_at(*value, "comparator");
  if (const auto unit = key.system == kUcum ? find_unit(key.code) : nullptr) {
    key.canonical_unit = unit->base();
    key.canonical = canonical_key(*number, *unit);
    bound_by(comparator, key.canonical);
  }
  bound_by(comparator, key.number);
  return key;
}

void quantity_of_quantity(const Json& value, std::string_view, Keys& keys) {
  if (auto key = quantity_key(&value)) keys.emplace_back(std::move(*key));
}

void quantity_of_money(const Json& value, std::string_view, Keys& keys) {
  if (const auto number = decimal_of(value.find("value")))
    keys.emplace_back(
        QuantityKey{"urn:iso:std:iso:4217", text_at(value, "currency"), {}, exact_key(*number), {}, {}});
}

void quantity_of_range(const Json& value, std::string_view, Keys& keys) {
  const auto low = quantity_key(value.find("low")), high = quantity_key(value.find("high"));
  if (!low && !high) return;
  QuantityKey key = low ? *low : *high;
  const auto part = [](const auto& from, NumberKey QuantityKey::*member) {
    return from ? std::optional((*from).*member) : std::nullopt;
  };
  key.number = spanned(part(low, &QuantityKey::number), part(high, &QuantityKey::number));
  key.canonical = spanned(part(low, &QuantityKey::canonical), part(high, &QuantityKey::canonical));
  keys.emplace_back(std::move(key));
}

// ---- special ----

// Latitude and longitude in degrees, for `near`.
void place_of_position(const Json& value, std::string_view, Keys& keys) {
  const auto latitude = decimal_of(value.find("latitude")), longitude = decimal_of(value.find("longitude"));
  if (latitude && longitude) keys.emplace_back(CompositeKey{{exact_key(*latitude), exact_key(*longitude)}});
}

// The value of an extension, whatever its type.
template <SearchType Search>
void keys_of_extension(const Json& value, std::string_view, Keys& keys) {
  static const TypeDefinition& extension = *find_type("Extension");
  if (!value.is_object()) return;
  for (const auto& [name, inner] : value.members()) {
    const PropertyDefinition* property = name.starts_with("value") ? extension.property(name) : nullptr;
    const KeyMaker make = property ? key_maker(Search, *property->type->type) : nullptr;
    if (make) make(inner, {}, keys);
  }
}

struct Row {
  SearchType search;
  std::string_view type;  // applies to what specialises it, too
  KeyMaker make;
};

constexpr std::array<Row, 39> kRows{{
    {SearchType::string, "string", string_of_text},
    {SearchType::string, "uri", string_of_text},
    {SearchType::string, "HumanName", string_of_name},
    {SearchType::string, "Address", string_of_address},
    {SearchType::string, "CodeableConcept", string_of_concept},
    {SearchType::string, "Extension", keys_of_extension<SearchType::string>},
    {SearchType::token, "string", token_of_string},
    {SearchType::token, "code", token_of_text},
    {SearchType::token, "id", token_of_text},
    {SearchType::token, "uri", token_of_text},
    {SearchType::token, "boolean", token_of_boolean},
    {SearchType::token, "Coding", token_of_coding},
    {SearchType::token, "CodeableConcept", token_of_concept},
    {SearchType::token, "Identifier", token_of_identifier},
    {SearchType::token, "ContactPoint", token_of_contact},
    {SearchType::token, "dateTime", token_of_text},
    {SearchType::token, "Extension", keys_of_extension<SearchType::token>},
    {SearchType::reference, "Reference", reference_of_reference},
    {SearchType::reference, "uri", reference_of_uri},
    {SearchType::reference, "Resource", reference_of_resource},
    {SearchType::reference, "Extension", keys_of_extension<SearchType::reference>},
    {SearchType::date, "date", date_of_text},
    {SearchType::date, "dateTime", date_of_text},
    {SearchType::date, "instant", date_of_text},
    {SearchType::date, "Period", date_of_period},
    {SearchType::date, "Timing", date_of_timing},
    {SearchType::date, "Extension", keys_of_extension<SearchType::date>},
    {SearchType::number, "integer", number_of_number},
    {SearchType::number, "decimal", number_of_number},
    {SearchType::number, "Range", number_of_range},
    {SearchType::number, "Extension", keys_of_extension<SearchType::number>},
    {SearchType::quantity, "Quantity", quantity_of_quantity},
    {SearchType::quantity, "Money", quantity_of_money},
    {SearchType::quantity, "Range", quantity_of_range},
    {SearchType::quantity, "Extension", keys_of_extension<SearchType::quantity>},
    {SearchType::uri, "uri", uri_of_text},
    {SearchType::uri, "string", uri_of_text},
    {SearchType::uri, "Extension", keys_of_extension<SearchType::uri>},
    {SearchType::special, "Location.position", place_of_position},
}};

}  // namespace

KeyMaker key_maker(SearchType search, const TypeDefinition& type) {
  for (const TypeDefinition* base = &type; base; base = base->base)
    for (const Row& row : kRows)
      if (row.search == search && row.type == base->name) return row.make;
  return nullptr;
}

std::string_view implied_system(const ElementDefinition& element) {
  if (!element.binding || element.binding->codes.empty()) return {};
  const std::string_view system = element.binding->codes.front().system;
  const auto same = [&](const ValueSetCode& code) { return code.system == system; };
  return std::ranges::all_of(element.binding->codes, same) ? system : std::string_view();
}

std::string system_of_type(std::string_view type_system, std::string_view type_code) {
  return "type " + std::string(type_system) + "|" + std::string(type_code);
}

ReferenceKey reference_key(std::string_view reference) {
  ReferenceKey key;
  std::string_view relative = reference.substr(0, reference.find("/_history/"));
  const std::size_t slash = relative.find('/');
  if (slash != std::string_view::npos && is_resource_type(relative.substr(0, slash)) &&
      relative.find('/', slash + 1) == std::string_view::npos) {
    key.type = relative.substr(0, slash);
    key.id = relative.substr(slash + 1);
  } else {
    key.url = reference;
  }
  return key;
}

}  // namespace meridian::record
