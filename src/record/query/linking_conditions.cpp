// References, and composites of two or three values.
#include "base/error.h"
#include "record/query/conditions.h"
#include "record/search/keys.h"
#include "record/store/index_rows.h"
#include "record/store/prepared.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

Sql to_resource(const std::string& type, const std::string& id) {
  return {"x.target_id = ? AND x.target_type = ?", {id, type}};
}

// An URL, also where it was given with a version: url|version.
std::vector<Sql> to_url(const std::string& url) {
  return {{"x.target_id = ? AND x.target_type = ''", {url}},
          {"x.target_id >= ? AND x.target_id < ? AND x.target_type = ''",
           {url + "|", url + "}"}}};  // } comes after |
}

// A version and those that it is the beginning of (FHIR R4, 3.1.1.4.13): of 1, also 1.2; of an URL, all.
std::vector<Sql> to_versions_below(const std::string& canonical) {
  if (canonical.find('|') == std::string::npos) return to_url(canonical);
  return {{"x.target_id = ? AND x.target_type = ''", {canonical}},
          {"x.target_id >= ? AND x.target_id < ? AND x.target_type = ''",
           {canonical + ".", canonical + "/"}}};  // / comes after .
}

// An id without a type may be of any type that the parameter leads to.
Sql to_id(const ConditionRequest& request, const std::string& id) {
  if (!request.modifier.empty()) return to_resource(std::string(request.modifier), id);
  if (request.parameter.targets.size() == 1)
    return to_resource(std::string(request.parameter.targets[0]), id);
  return {"x.target_id = ? AND x.target_type <> ''", {id}};
}

// The conditions of a composite's part on its columns, of which one must hold.
std::vector<Sql> part_conditions(SearchType type, std::string_view value, int place) {
  const std::string n = std::to_string(place);
  const std::string code = "x.code" + n, system = "x.system" + n, low = "x.low" + n, high = "x.high" + n;
  switch (type) {
    case SearchType::token:
      return {token_condition(value, {code, system})};
    case SearchType::date: {
      std::string_view text = value;
      const Prefix prefix = take_prefix(text);
      if (prefix != Prefix::gt && prefix != Prefix::ge) return date_conditions(value, {low, high});
      const DateInterval interval = parse_date_interval(text);
      return {{high + " > ?", {prefix == Prefix::gt ? interval.high : interval.low}}};
    }
    case SearchType::number:
      return number_conditions(value, {low, high});
    case SearchType::quantity:
      return quantity_conditions(value, {code, system, {low, high}});
    case SearchType::string:
      break;
    case SearchType::reference: {
      const ReferenceTarget target = target_of(reference_key(unescape(value)), {});
      return {{code + " = ?", {target.type.empty() ? target.id : target.type + "/" + target.id}}};
    }
    default:
      throw Error(ErrorCode::not_supported, "A composite of this kind is not supported");
  }
  return {starts_with(code, fold(unescape(value)))};
}

// Each with each, so that every one of them is one range of the index.
std::vector<Sql> combined(const std::vector<Sql>& conditions, const std::vector<Sql>& more) {
  std::vector<Sql> combinations;
  for (const Sql& condition : conditions)
    for (const Sql& other : more) combinations.push_back(Sql(condition).add(" AND ").add(other));
  return combinations;
}

RowConditions related_conditions(const ConditionRequest& request, const std::string& value) {
  if (is_valid_id(value)) return {hierarchy_conditions(request, {}, value)};
  const ReferenceTarget target = target_of(reference_key(value), request.base_url);
  if (!target.type.empty()) return {hierarchy_conditions(request, target.type, target.id)};
  if (request.modifier == "below") return {to_versions_below(target.id.empty() ? value : target.id)};
  throw Error(ErrorCode::invalid_request, "Of a canonical URL, there are only versions :below",
              std::string(request.parameter.code));
}

}  // namespace

RowConditions reference_conditions(const ConditionRequest& request, std::string_view escaped) {
  if (request.modifier == "identifier") return {{token_condition(escaped, {"x.code", "x.system"})}};
  const std::string value = unescape(escaped);
  if (request.modifier == "above" || request.modifier == "below") return related_conditions(request, value);
  if (is_valid_id(value)) return {{to_id(request, value)}, true};
  const ReferenceTarget target = target_of(reference_key(value), request.base_url);
  if (target.type.empty()) return {to_url(target.id.empty() ? value : target.id)};
  if (!request.modifier.empty() && request.modifier != target.type)
    throw Error(ErrorCode::invalid_value,
                "\"" + value.substr(0, 80) + "\" is not of the type " + std::string(request.modifier),
                std::string(request.parameter.code));
  return {{to_resource(target.type, target.id)}, true};
}

std::vector<Sql> composite_conditions(const ConditionRequest& request, std::string_view value) {
  const std::vector<std::string> parts = split_unescaped(value, '$');
  const auto components = request.parameter.components;
  if (parts.size() != components.size() || parts.size() > 3)
    throw Error(ErrorCode::invalid_value,
                "\"" + std::string(value.substr(0, 80)) + "\" has not the " +
                    std::to_string(components.size()) + " parts of " + std::string(request.parameter.code),
                std::string(request.parameter.code), "Write them with $ between");
  std::vector<Sql> conditions;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const SearchParameter* component = find_search_parameter(request.type, components[i].definition);
    if (!component)
      throw Error(ErrorCode::internal,
                  "A component of " + std::string(request.parameter.code) + " has no definition");
    std::vector<Sql> of_part = part_conditions(component->type, parts[i], static_cast<int>(i) + 1);
    conditions = i ? combined(conditions, of_part) : std::move(of_part);
  }
  return conditions;
}

}  // namespace meridian::record
