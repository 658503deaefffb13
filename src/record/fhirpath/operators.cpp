#include "record/fhirpath/operators.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/quantity.h"
#include "record/values/letter_case.h"

namespace meridian::record::fhirpath {
namespace {

bool same_json(const Json& a, const Json& b);

bool same_members(const Json& a, const Json& b) {
  if (a.size() != b.size()) return false;
  return std::ranges::all_of(a.members(), [&](const Json::Member& member) {
    const Json* other = b.find(member.first);
    return other && same_json(member.second, *other);
  });
}

// Numbers by their value, members in any order.
bool same_json(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    const auto x = Decimal::parse(a.number_text()), y = Decimal::parse(b.number_text());
    return x && y ? record::compare(*x, *y) == 0 : a.number_text() == b.number_text();
  }
  if (a.is_object() && b.is_object()) return same_members(a, b);
  if (a.is_array() && b.is_array())
    return std::ranges::equal(a.items(), b.items(),
                              [](const Json& x, const Json& y) { return same_json(x, y); });
  return a == b;
}

const Element* complex_element(const Item& item) {
  const auto* element = std::get_if<Element>(&item);
  return element && element->value && element->value->is_object() ? element : nullptr;
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c));
    if (blank && !out.empty() && out.back() == ' ') continue;
    out += blank ? ' ' : c;
  }
  return without_case(out);
}

// Rounded to the precision of the less precise.
bool equivalent_decimals(const Decimal& a, const Decimal& b) {
  const int places = std::min(a.normalized().scale(), b.normalized().scale());
  const auto x = a.rounded(places), y = b.rounded(places);
  return x && y && record::compare(*x, *y) == 0;
}

std::optional<bool> equal_quantities(const Quantity& a, const Quantity& b) {
  const auto order = compare_quantities(a, b);
  return order ? std::optional(*order == 0) : std::nullopt;
}

std::optional<bool> equal_values(const Item& a, const Item& b) {
  if (const auto x = as_boolean(a)) {
    const auto y = as_boolean(b);
    return y && *x == *y;
  }
  if (const auto x = as_decimal(a)) {
    if (const auto y = as_decimal(b)) return record::compare(*x, *y) == 0;
    const auto y = as_quantity(b);
    return y && equal_quantities({*x, "1", false}, *y).value_or(false);
  }
  if (const auto x = as_temporal(a)) {
    const auto y = as_temporal(b);
    if (!y || (x->kind == Temporal::Kind::time) != (y->kind == Temporal::Kind::time)) return false;
    const auto order = record::compare(*x, *y);
    return order ? std::optional(*order == 0) : std::nullopt;
  }
  if (const auto x = as_quantity(a)) {
    if (const auto y = as_quantity(b)) return equal_quantities(*x, *y);
    const auto y = as_decimal(b);
    return y && equal_quantities(*x, {*y, "1", false}).value_or(false);
  }
  const auto *x = std::get_if<TypeNamePointer>(&a), *y = std::get_if<TypeNamePointer>(&b);
  return x && y && **x == **y;
}

bool equivalent_json(const Json& a, const Json& b);

bool equivalent_arrays(const Json& a, const Json& b) {
  return a.size() == b.size() && std::ranges::is_permutation(a.items(), b.items(), equivalent_json);
}

bool equivalent_json(const Json& a, const Json& b) {
  if (a.is_string() && b.is_string()) return folded(a.as_string()) == folded(b.as_string());
  if (a.is_array() && b.is_array()) return equivalent_arrays(a, b);
  if (!a.is_object() || !b.is_object()) return same_json(a, b);
  if (a.size() != b.size()) return false;
  return std::ranges::all_of(a.members(), [&](const Json::Member& member) {
    const Json* other = b.find(member.first);
    return other && equivalent_json(member.second, *other);
  });
}

// ---- arithmetic ----

[[noreturn]] void wrong_operands(const Item& a, const Item& b) {
  evaluation_error("The operator does not apply to " + type_of(a).name + " and " + type_of(b).name);
}

Collection number(const std::optional<Decimal>& value, bool whole) {
  if (!value) return {};
  if (!whole) return one(*value);
  if (value->digits() > INT32_MAX || value->digits() < INT32_MIN) return {};
  return one(static_cast<std::int64_t>(value->digits()));
}

std::optional<Decimal> decimal_result(Operator op, const Decimal& a, const Decimal& b) {
  switch (op) {
    case Operator::add:
      return record::add(a, b);
    case Operator::subtract:
      return record::subtract(a, b);
    case Operator::multiply:
      return record::multiply(a, b);
    case Operator::divide_whole:
      return record::divide_whole(a, b);
    case Operator::remainder:
      return record::remainder(a, b);
    default:
      break;
  }
  const auto quotient = record::divide(a, b);
  return quotient ? std::optional(quotient->normalized()) : std::nullopt;
}

Collection calculate_quantities(Operator op, const Quantity& a, const Quantity& b) {
  const auto result = op == Operator::multiply ? multiply_quantities(a, b)
                      : op == Operator::divide ? divide_quantities(a, b)
                                               : add_quantities(a, b, op == Operator::subtract);
  if (!result) return {};
  return one(std::make_shared<const Quantity>(*result));
}

Collection calculate_moment(Operator op, const Temporal& moment, const Item& a, const Item& b) {
  const auto quantity = as_quantity(b);
  if (!quantity || (op != Operator::add && op != Operator::subtract)) wrong_operands(a, b);
  return maybe(add_duration(moment, *quantity, op == Operator::subtract));
}

Collection concatenate(const Item* a, const Item* b) {
  std::string text;
  for (const Item* item : {a, b}) {
    if (!item) continue;
    const auto part = text_of(*item);
    if (!part) evaluation_error("& joins texts, not " + type_of(*item).name);
    text += *part;
  }
  return one(std::move(text));
}

bool is_system_name(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames{"Boolean",  "String", "Integer",  "Decimal", "Date",
                                                          "DateTime", "Time",   "Quantity", "Any"};
  return std::ranges::find(kNames, name) != kNames.end();
}

bool is_type_with(const Item& item, std::string_view name, bool exact_primitives) {
  const std::size_t dot = name.find('.');
  const std::string_view space = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  const TypeDefinition* wanted = space == "System" ? nullptr : find_type(name);
  const bool system = space != "FHIR" && is_system_name(name);
  if (!wanted && !system && space != "System") evaluation_error("There is no type " + std::string(name));
  const auto* element = std::get_if<Element>(&item);
  if (!element) return system && (type_of(item).name == name || name == "Any");
  if (!wanted || !element->type) return false;
  if (exact_primitives && element->type->is_primitive()) return element->type == wanted;
  return element->type->is_a(*wanted);
}

}  // namespace

std::optional<bool> equal(const Item& a, const Item& b) {
  const auto x = as_text(a), y = as_text(b);
  if (x || y) return x && y && *x == *y;
  const Element *left = complex_element(a), *right = complex_element(b);
  if (left && right) return same_json(*left->value, *right->value);
  return equal_values(a, b);
}

std::optional<bool> equal(const Collection& a, const Collection& b) {
  if (a.empty() || b.empty()) return std::nullopt;
  if (a.size() != b.size()) return false;
  bool unknown = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto same = equal(a[i], b[i]);
    if (!same)
      unknown = true;
    else if (!*same)
      return false;
  }
  return unknown ? std::nullopt : std::optional(true);
}

bool equivalent(const Item& a, const Item& b) {
  const auto x = as_text(a), y = as_text(b);
  if (x || y) return x && y && folded(*x) == folded(*y);
  const auto number = as_decimal(a), other_number = as_decimal(b);
  if (number && other_number) return equivalent_decimals(*number, *other_number);
  const auto quantity = as_quantity(a), other_quantity = as_quantity(b);
  if (quantity && other_quantity) return equivalent_quantities(*quantity, *other_quantity);
  const auto moment = as_temporal(a), other_moment = as_temporal(b);
  if (moment && other_moment) return record::equivalent(*moment, *other_moment);
  const Element *left = complex_element(a), *right = complex_element(b);
  if (left && right) return equivalent_json(*left->value, *right->value);
  return equal_values(a, b).value_or(false);
}

bool equivalent(const Collection& a, const Collection& b) {
  return a.size() == b.size() &&
         std::is_permutation(a.begin(), a.end(), b.begin(),
                             [](const Item& x, const Item& y) { return equivalent(x, y); });
}

bool contains(const Collection& collection, const Item& item) {
  return std::ranges::any_of(collection,
                             [&](const Item& other) { return equal(other, item).value_or(false); });
}

Collection distinct(const Collection& collection) {
  Collection unique;
  for (const Item& item : collection)
    if (!contains(unique, item)) unique.push_back(item);
  return unique;
}

std::optional<std::strong_ordering> compare(const Item& a, const Item& b) {
  const auto x = as_text(a), y = as_text(b);
  if (x && y) return x->compare(*y) <=> 0;
  const auto number = as_decimal(a), other_number = as_decimal(b);
  if (number && other_number) return record::compare(*number, *other_number);
  const auto moment = as_temporal(a), other_moment = as_temporal(b);
  if (moment && other_moment) return record::compare(*moment, *other_moment);
  const auto quantity = as_quantity(a), other_quantity = as_quantity(b);
  if (quantity && other_quantity) return compare_quantities(*quantity, *other_quantity);
  wrong_operands(a, b);
}

Collection calculate(Operator op, const Collection& left, const Collection& right) {
  const Item *a = only_item(left, "The left operand"), *b = only_item(right, "The right operand");
  if (op == Operator::concatenate) return concatenate(a, b);
  if (!a || !b) return {};
  const auto x = as_text(*a), y = as_text(*b);
  if (x && y && op == Operator::add) return one(std::string(*x) + std::string(*y));
  if (const auto moment = as_temporal(*a)) return calculate_moment(op, *moment, *a, *b);
  const auto number_a = as_decimal(*a), number_b = as_decimal(*b);
  if (number_a && number_b) {
    const bool whole =
        op == Operator::divide_whole || (op != Operator::divide && as_integer(*a) && as_integer(*b));
    return number(decimal_result(op, *number_a, *number_b), whole);
  }
  auto quantity_a = as_quantity(*a), quantity_b = as_quantity(*b);
  if (number_a && quantity_b) quantity_a = Quantity{*number_a, "1", false};
  if (number_b && quantity_a) quantity_b = Quantity{*number_b, "1", false};
  if (!quantity_a || !quantity_b || op == Operator::divide_whole || op == Operator::remainder)
    wrong_operands(*a, *b);
  return calculate_quantities(op, *quantity_a, *quantity_b);
}

bool is_type(const Item& item, std::string_view name) {
  return is_type_with(item, name, false);
}
bool is_exact_type(const Item& item, std::string_view name) {
  return is_type_with(item, name, true);
}

}  // namespace meridian::record::fhirpath
