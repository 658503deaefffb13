#include "care/people.h"

#include <algorithm>

#include "base/error.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

std::string text_of(const Json& name) {
  if (std::string text = name.text("text"); !text.empty()) return text;
  std::string joined = name.text("family");
  const Json* given = name.find("given");
  if (given && given->is_array())
    for (const Json& part : given->items()) joined += (joined.empty() ? "" : " ") + part.as_string();
  return joined;
}

bool is_latin(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

const Json::Array& items_of(const Json& resource, std::string_view member) {
  static const Json::Array kNone;
  const Json* found = resource.find(member);
  return found && found->is_array() ? found->items() : kNone;
}

std::string latin_name(const Json& patient) {
  for (const Json& name : items_of(patient, "name"))
    if (std::string text = text_of(name); is_latin(text)) return text;
  return {};
}

}  // namespace

std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string name_of(const Json& resource, std::string_view use) {
  const auto& names = items_of(resource, "name");
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const Json& name) { return name.text("use") == use; });
  if (found != names.end()) return text_of(*found);
  return names.empty() ? std::string() : text_of(names.front());
}

PatientView view_of_patient(const Json& patient) {
  PatientView view;
  view.row = Json::object({{"id", patient.text("id")},
                           {"name", name_of(patient, "official")},
                           {"nameLatin", engine::text_or_null(latin_name(patient))},
                           {"sex", engine::text_or_null(patient.text("gender"))},
                           {"birthDate", engine::text_or_null(patient.text("birthDate"))}});
  for (const Json& name : items_of(patient, "name")) view.search += folded(text_of(name)) + "\n";
  for (const Json& identifier : items_of(patient, "identifier"))
    view.search += folded(identifier.text("value")) + "\n";
  return view;
}

std::string kind_of_organization(const Json& organization) {
  for (const Json& type : items_of(organization, "type"))
    if (folded(type.text("text")).find("hospital") != std::string::npos ||
        type.text("coding.code") == "hospital")
      return "hospital";
  return "clinic";
}

engine::LocalizedText name_of_organization(record::Record& record, const std::string& reference) {
  try {
    const Json organization =
        Json::parse(record.read(trust::Principal::system(), "Organization", id_of(reference)).body);
    return engine::localized(organization, "name");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::gone) throw;
    return {id_of(reference), id_of(reference)};
  }
}

Json organization_json(const std::string& reference, const std::string& name) {
  return Json::object({{"id", id_of(reference)}, {"name", name}});
}

std::string id_of(const std::string& reference) {
  return reference.substr(reference.find('/') + 1);
}

trust::Principal acting_for(const trust::Principal& sender) {
  trust::Principal acting = sender;
  acting.role = trust::Role::system;
  return acting;
}

}  // namespace meridian::care
