#include "record/validation/bindings.h"

#include <algorithm>

#include "record/definitions/definitions.h"

namespace meridian::record {
namespace {

constexpr std::string_view kCurrencies = "http://hl7.org/fhir/ValueSet/currencies";

std::string_view string_member(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  return found && found->is_string() ? std::string_view(found->as_string()) : std::string_view();
}

std::string not_in(const ValueSetDefinition& set, std::string_view code) {
  return "\"" + std::string(code.substr(0, 80)) + "\" is not one of " + std::string(set.url);
}

bool is_currency(std::string_view code) {
  return code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool allows(const ValueSetDefinition& set, const Json& coding) {
  return contains_code(set, string_member(coding, "system"), string_member(coding, "code"));
}

// One coding of the set is enough; a concept that is only text is not from the set, but says so itself.
std::string concept_problem(const ValueSetDefinition& set, const Json& value) {
  const Json* codings = value.find("coding");
  if (!codings || !codings->is_array()) return {};
  if (std::ranges::any_of(codings->items(), [&](const Json& coding) { return allows(set, coding); }))
    return {};
  return not_in(set, codings->empty() ? std::string_view() : string_member(codings->at(0), "code"));
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool starts_with_scheme(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon < text.find('/') && colon < text.find('?');
}

}  // namespace

std::string binding_problem(const ValueSetDefinition& set, const TypeDefinition& type, const Json& value) {
  if (set.url == kCurrencies && value.is_string() && !is_currency(value.as_string()))
    return "\"" + value.as_string().substr(0, 80) + "\" is no ISO 4217 currency: three capital letters";
  if (!set.enumerated) return {};
  if (value.is_string())
    return contains_code(set, value.as_string()) ? std::string() : not_in(set, value.as_string());
  if (type.name == "CodeableConcept") return concept_problem(set, value);
  if (type.name == "Coding" && value.contains("code"))
    return allows(set, value) ? std::string() : not_in(set, string_member(value, "code"));
  return {};
}

std::string reference_problem(const ElementType& type, std::string_view reference) {
  if (reference.starts_with('#') || starts_with_scheme(reference)) return {};
  const std::size_t end = reference.find_first_of("/?");
  const std::string_view target = reference.substr(0, end);
  if (!is_resource_type(target))
    return "\"" + std::string(reference.substr(0, 80)) +
           "\" is no reference: TYPE/ID, a URL, or # and a contained id";
  if (!type.targets.empty() && std::ranges::find(type.targets, target) == type.targets.end())
    return "A reference to " + std::string(target) + " is not allowed here";
  if (end == std::string_view::npos || reference[end] == '?')
    return end == std::string_view::npos ? "The reference has no id" : "";
  std::string_view id = reference.substr(end + 1);
  if (const std::size_t history = id.find("/_history/"); history != std::string_view::npos) {
    if (!is_id(id.substr(history + 10))) return "The reference's version is no id";
    id = id.substr(0, history);
  }
  return is_id(id) ? ""
                   : "\"" + std::string(id.substr(0, 80)) + "\" is no id: 1 to 64 letters, digits, - and .";
}

}  // namespace meridian::record
