#include "care/patient_match.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

std::string issuer_system(const std::string& issuer) {
  return "urn:meridian:issuer:" + issuer;
}

std::string identifier_system(const archive::InstanceFacts& facts, const std::string& organization) {
  if (!facts.issuer_of_patient_id.empty()) return issuer_system(facts.issuer_of_patient_id);
  return "urn:meridian:patient-id:" + organization.substr(organization.find('/') + 1);
}

// What contradicts, in words; empty when nothing does.
std::string contradiction(const Json& patient, const archive::InstanceFacts& facts) {
  const std::string born = patient.text("birthDate"), file_born = fhir_date(facts.patient_birth_date);
  if (!born.empty() && !file_born.empty() &&
      born.substr(0, file_born.size()) != file_born.substr(0, born.size()))
    return "date of birth";
  const std::string sex = patient.text("gender"), file_sex = fhir_gender(facts.patient_sex);
  const auto known = [](const std::string& value) { return value == "male" || value == "female"; };
  return known(sex) && known(file_sex) && sex != file_sex ? "sex" : "";
}

bool fits(const Json& patient, const archive::InstanceFacts& facts, const std::string& organization) {
  if (!contradiction(patient, facts).empty()) return false;
  if (patient.text("managingOrganization.reference") == organization) return true;
  const std::string system = identifier_system(facts, organization);
  const Json* identifiers = patient.find("identifier");
  return identifiers &&
         std::any_of(identifiers->items().begin(), identifiers->items().end(), [&](const Json& item) {
           return item.text("system") == system && item.text("value") == facts.patient_id;
         });
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// Family^Given^Middle^Prefix^Suffix
Json human_name(const std::string& group, bool ideographic) {
  const std::vector<std::string> parts = split(group, '^');
  Json name = Json::object({{"use", ideographic ? "official" : "usual"}});
  std::string text = parts[0];
  if (!parts[0].empty()) name["family"] = parts[0];
  for (std::size_t i = 1; i < std::min<std::size_t>(parts.size(), 3); ++i) {
    if (parts[i].empty()) continue;
    name["given"].push_back(parts[i]);
    text += (ideographic || text.empty() ? "" : " ") + parts[i];
  }
  name["text"] = text;
  return name;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" ^") == std::string::npos;
}

}  // namespace

std::string fhir_date(const std::string& dicom_date) {
  const bool digits =
      std::all_of(dicom_date.begin(), dicom_date.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (dicom_date.size() != 8 || !digits) return {};
  return dicom_date.substr(0, 4) + "-" + dicom_date.substr(4, 2) + "-" + dicom_date.substr(6, 2);
}

std::string fhir_gender(const std::string& dicom_sex) {
  if (dicom_sex == "M") return "male";
  if (dicom_sex == "F") return "female";
  return dicom_sex == "O" ? "other" : "unknown";
}

Json human_names(const std::string& person_name) {
  const std::vector<std::string> groups = split(person_name, '=');
  Json names = Json::array();
  if (groups.size() > 1 && !is_blank(groups[1])) names.push_back(human_name(groups[1], true));
  if (!is_blank(groups[0])) names.push_back(human_name(groups[0], false));
  return names;
}

std::optional<std::string> find_patient(record::Record& record, const archive::InstanceFacts& facts,
                                        const std::string& organization) {
  if (facts.patient_id.empty()) return std::nullopt;
  std::vector<std::string> fitting;
  for (const Json& patient :
       record.find(trust::Principal::system(), "Patient", {{"identifier", facts.patient_id}}))
    if (fits(patient, facts, organization)) fitting.push_back("Patient/" + patient.text("id"));
  if (fitting.size() != 1) return std::nullopt;
  return fitting.front();
}

std::string make_patient(record::Writer& writer, const archive::InstanceFacts& facts,
                         const std::string& organization) {
  const bool unidentified = facts.patient_id.empty();
  const std::string value = unidentified ? facts.key.study : facts.patient_id;
  const std::string system =
      unidentified ? "urn:meridian:unidentified" : identifier_system(facts, organization);
  const std::string id =
      stable_id({"patient", organization, system, value, facts.patient_birth_date, facts.patient_sex});
  if (engine::read_if_any(writer, "Patient/" + id)) return "Patient/" + id;
  Json patient =
      Json::object({{"resourceType", "Patient"},
                    {"id", id},
                    {"identifier", Json::array({Json::object({{"system", system}, {"value", value}})})},
                    {"active", true},
                    {"gender", fhir_gender(facts.patient_sex)}});
  if (Json names = human_names(facts.patient_name); !names.empty()) patient["name"] = std::move(names);
  if (const std::string born = fhir_date(facts.patient_birth_date); !born.empty())
    patient["birthDate"] = born;
  if (!organization.empty()) patient["managingOrganization"] = engine::reference(organization);
  writer.update(patient);
  return "Patient/" + id;
}

void require_same_person(const Json& patient, const archive::InstanceFacts& facts) {
  const std::string what = contradiction(patient, facts);
  if (what.empty()) return;
  throw Error(ErrorCode::conflict,
              "This file is of somebody else: its " + what + " is another than the patient's",
              "Patient/" + patient.text("id"), "Open the right patient, or correct the device's entry");
}

}  // namespace meridian::care
