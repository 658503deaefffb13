#include "record/query/conditions.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "record/store/index_rows.h"
#include "record/store/stored_fields.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

// After every text that begins with the same characters.
constexpr std::string_view kLastCharacter = "\xF4\x8F\xBF\xBF";  // U+10FFFF

struct KindTraits {
  SearchType type;
  std::string_view name, table;
  std::array<std::string_view, 7> modifiers;
  std::array<std::string_view, 2> modifiers_in_filter;
};

constexpr std::array<KindTraits, 9> kKinds{{
    {SearchType::string, "string", "string_index", {"exact", "contains"}, {"eq", "ew"}},
    {SearchType::token,
     "token",
     "token_index",
     {"not", "text", "in", "not-in", "above", "below", "of-type"},
     {}},
    // and any resource type
    {SearchType::reference, "reference", "reference_index", {"identifier", "above", "below"}, {}},
    {SearchType::date, "date", "date_index", {}, {"po"}},
    {SearchType::number, "number", "number_index", {}, {}},
    {SearchType::quantity, "quantity", "quantity_index", {}, {}},
    {SearchType::uri, "uri", "uri_index", {"above", "below"}, {}},
    {SearchType::composite, "composite", "composite_index", {}, {}},
    {SearchType::special, "special", "composite_index", {}, {}},
}};

const KindTraits& traits_of(SearchType type) {
  return *std::ranges::find(kKinds, type, &KindTraits::type);
}

template <std::size_t N>
bool is_among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

void require_modifier(const ConditionRequest& request) {
  if (request.modifier.empty()) return;
  const KindTraits& kind = traits_of(request.parameter.type);
  if (is_among(request.modifier, kind.modifiers)) return;
  if (request.in_filter && is_among(request.modifier, kind.modifiers_in_filter)) return;
  if (kind.type == SearchType::reference && is_resource_type(request.modifier)) return;
  throw Error(ErrorCode::invalid_request,
              "The " + std::string(kind.name) + " parameter " + std::string(request.parameter.code) +
                  " cannot be searched with :" + std::string(request.modifier.substr(0, 40)),
              std::string(request.parameter.code));
}

// Of another server's resource only the address says the type.
Sql only_to_target(const StoredFields& stored, std::string_view table) {
  if (stored.target.empty() || table != "reference_index") return {};
  const std::string target(stored.target);
  return {" AND (x.target_type = ? OR (x.target_type = '' AND instr(x.target_id, ?) > 0))",
          {target, "/" + target + "/"}};
}

RowConditions string_conditions(std::string_view modifier, std::string_view escaped) {
  const std::string value = unescape(escaped), folded = indexed_text(fold(value));
  if (modifier == "exact") return {{{"x.folded = ? AND x.exact = ?", {folded, indexed_text(value)}}}, true};
  if (folded.empty()) return {{{"FALSE", {}}}};
  if (modifier == "eq") return {{{"x.folded = ?", {folded}}}, true};
  if (modifier == "ew")
    return {{{"substr(x.folded, length(x.folded) - length(?) + 1) = ?", {folded, folded}}}};
  if (modifier == "contains") return {{{"instr(x.folded, ?) > 0", {folded}}}};
  return {{starts_with("x.folded", folded)}};
}

RowConditions uri_conditions(std::string_view modifier, std::string_view escaped) {
  const std::string value = unescape(escaped);
  std::vector<Sql> alternatives{{"x.uri = ?", {value}}};
  if (modifier == "below") {
    const std::string stem = value.ends_with('/') ? value.substr(0, value.size() - 1) : value;
    alternatives.push_back({"x.uri >= ? AND x.uri < ?", {stem + "/", stem + "0"}});  // 0 comes after /
  } else if (modifier == "above") {
    for (auto slash = value.rfind('/'); slash != std::string::npos && slash > 0;
         slash = value.rfind('/', slash - 1))
      alternatives.push_back({"x.uri = ?", {value.substr(0, slash)}});
  }
  return {std::move(alternatives), modifier.empty()};
}

}  // namespace

std::string_view index_table_of(SearchType type) {
  return traits_of(type).table;
}

std::string_view table_of(const ConditionRequest& request) {
  require_modifier(request);
  if (request.modifier == "identifier") return "token_index";
  if (request.modifier == "text") return "string_index";
  return traits_of(request.parameter.type).table;
}

std::vector<Sql> ranges_of_rows(std::string_view type, const SearchParameter& parameter,
                                std::string_view table) {
  const StoredFields& stored = stored_fields(type, parameter);
  std::vector<Sql> ranges;
  for (const std::int64_t field : stored.fields)
    ranges.push_back(Sql{"x.field = ?", {field}}.add(only_to_target(stored, table)));
  return ranges;
}

Sql rows_of(std::string_view type, const SearchParameter& parameter, std::string_view table) {
  const StoredFields& stored = stored_fields(type, parameter);
  if (stored.fields.size() == 1) return ranges_of_rows(type, parameter, table).front();
  Sql rows{"x.field IN (", {}};
  for (const std::int64_t field : stored.fields) rows.add(rows.values.empty() ? "?" : ", ?", {field});
  return rows.add(")").add(only_to_target(stored, table));
}

RowConditions conditions_of(const ConditionRequest& request, std::string_view value) {
  switch (request.parameter.type) {
    case SearchType::string:
      return string_conditions(request.modifier, value);
    case SearchType::token:
      return token_conditions(request, value);
    case SearchType::reference:
      return reference_conditions(request, value);
    case SearchType::date:
      if (request.modifier == "po") return {{overlap_condition(value, {"x.low", "x.high"})}};
      return {date_conditions(value, {"x.low", "x.high"})};
    case SearchType::number:
      return {number_conditions(value, {"x.low", "x.high"})};
    case SearchType::quantity:
      return {quantity_conditions(value, {"x.code", "x.system", {"x.low", "x.high"}})};
    case SearchType::uri:
      return uri_conditions(request.modifier, value);
    case SearchType::composite:
      return {composite_conditions(request, value)};
    case SearchType::special:
      break;
  }
  return {near_conditions(value)};  // R4's only one
}

Sql starts_with(const std::string& column, const std::string& text) {
  const std::string start = indexed_text(text);
  return {column + " >= ? AND " + column + " < ?", {start, start + std::string(kLastCharacter)}};
}

}  // namespace meridian::record
