#include "archive/attribute_json.h"

#include <algorithm>

#include "archive/index.h"
#include "archive/person_name.h"

namespace meridian::archive {
namespace {

bool matches_wildcards(std::string_view text, std::string_view pattern) {
  std::size_t at = 0, in = 0, star = std::string_view::npos, retry = 0;
  while (at < text.size()) {
    if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      retry = at;
    } else if (in < pattern.size() && (pattern[in] == '?' || pattern[in] == text[at])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      in = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in) == std::string_view::npos;
}

// "A-B", "A-", "-B", or one value.
bool matches_range(std::string_view text, std::string_view key) {
  const auto dash = key.find('-');
  if (dash == std::string_view::npos) return matches_wildcards(text, key);
  const std::string_view from = key.substr(0, dash), to = key.substr(dash + 1);
  // What is written more exactly than the end of the range lies within it: 0930 includes 093059.
  return !text.empty() && text >= from && (to.empty() || text.substr(0, to.size()) <= to);
}

bool matches_list(std::string_view text, std::string_view key) {
  for (;;) {
    const auto end = key.find_first_of("\\,");
    if (text == key.substr(0, end)) return true;
    if (end == std::string_view::npos) return false;
    key.remove_prefix(end + 1);
  }
}

bool matches_name(const Json& value, std::string_view key) {
  std::vector<std::string> names{name_key(value_text(value))};
  for (const auto& [group, text] : value.members())
    if (text.is_string()) names.push_back(name_key(text.as_string()));
  return std::ranges::any_of(name_patterns(key), [&](const std::string& pattern) {
    return std::ranges::any_of(names,
                               [&](const std::string& name) { return matches_wildcards(name, pattern); });
  });
}

bool matches_value(std::string_view vr, const Json& value, std::string_view key) {
  if (vr == "PN" && value.is_object()) return matches_name(value, key);
  const std::string text = value_text(value);
  if (vr == "DA" || vr == "TM" || vr == "DT") return matches_range(text, key);
  return vr == "UI" ? matches_list(text, key) : matches_wildcards(text, key);
}

}  // namespace

Json dicom_attribute(std::string_view vr, std::string_view value) {
  Json attribute = Json::object({{"vr", vr}});
  if (!value.empty()) attribute["Value"] = Json::array({vr == "PN" ? person_name_json(value) : Json(value)});
  return attribute;
}

Json dicom_number(std::string_view vr, std::int64_t value) {
  return Json::object({{"vr", vr}, {"Value", Json::array({value})}});
}

Json dicom_sequence(Json::Array items) {
  return Json::object({{"vr", "SQ"}, {"Value", Json(std::move(items))}});
}

std::string value_text(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (!value.is_object()) return value.is_null() ? std::string() : value.dump();
  std::string name;
  for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"}) name += value.text(group) + "=";
  while (!name.empty() && name.back() == '=') name.pop_back();
  return name;
}

std::string first_value(const Json& dataset, std::string_view tag) {
  const Json* attribute = dataset.find(tag);
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  return values && values->is_array() && !values->empty() ? value_text(values->at(0)) : std::string();
}

const Json::Array& sequence_items(const Json& dataset, std::string_view tag) {
  static const Json::Array none;
  const Json* attribute = dataset.find(tag);
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  return values && values->is_array() ? values->items() : none;
}

bool matches_key(const Json* attribute, std::string_view key) {
  if (key.empty() || key == "*") return true;
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  if (!values || !values->is_array()) return false;
  const std::string vr = attribute->text("vr");
  return std::ranges::any_of(values->items(),
                             [&](const Json& value) { return matches_value(vr, value, key); });
}

}  // namespace meridian::archive
