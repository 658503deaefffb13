#include "app/demo/region.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "app/demo/names.h"
#include "engine/resources.h"

namespace meridian::app {
namespace {

using trust::Role;

struct Place {
  std::string_view id, name, name_zh, kind, code, phone;
};

constexpr std::array<Place, 3> kPlaces{{
    {"qinghe-county-hospital", "Qinghe County Hospital", "清河县人民医院", "hospital", "prov",
     "+86 000 0000001"},
    {"liushan-clinic", "Liushan Village Clinic", "柳山村卫生室", "clinic", "prov", "+86 000 0000002"},
    {"hekou-clinic", "Hekou Township Clinic", "河口乡卫生院", "clinic", "prov", "+86 000 0000003"},
}};

struct Worker {
  std::string_view username, id, family, given, latin, organization, qualification;
  Role role;
  std::string_view purpose;
};

constexpr std::array<Worker, 7> kWorkers{{
    {"chen", "chen-liushan", "陈", "建华", "Chen Jianhua", "liushan-clinic", "Village doctor",
     Role::clinician, "the clinic's doctor: open a case, look at the drafts, ask the hospital"},
    {"zhao", "zhao-hekou", "赵", "丽", "Zhao Li", "hekou-clinic", "General practitioner", Role::clinician,
     "a doctor of the other clinic: does not see Liushan's patients"},
    {"lin", "lin-cardiology", "林", "海涛", "Lin Haitao", "qinghe-county-hospital", "Cardiologist",
     Role::specialist, "the hospital's cardiologist: worklist, ECGs, sign"},
    {"wu", "wu-radiology", "吴", "敏", "Wu Min", "qinghe-county-hospital", "Radiologist", Role::specialist,
     "the hospital's radiologist: worklist, films, sign"},
    {"audit", "sun-audit", "孙", "文博", "Sun Wenbo", "qinghe-county-hospital", "Auditor", Role::auditor,
     "the auditor: the ledger and its proof"},
    {"admin", "gao-engineer", "高", "磊", "Gao Lei", "qinghe-county-hospital", "Hospital engineer",
     Role::administrator, "the engineer: assistants on and off"},
    {"resident", "", "", "", "", "", "", Role::resident,
     "a resident: her own reports, and who looked at them"},
}};

constexpr std::string_view kDemoPassword = "meridian-demo";

std::string reference(std::string_view type, std::string_view id) {
  return std::string(type) + "/" + std::string(id);
}

Json coding(std::string_view system, std::string_view code, std::string_view display) {
  return Json::object({{"system", system}, {"code", code}, {"display", display}});
}

Json codeable_concept(std::string_view system, std::string_view code, std::string_view display) {
  return Json::object({{"coding", Json::array({coding(system, code, display)})}, {"text", display}});
}

Json organization(const Place& place) {
  Json organization = Json::object(
      {{"resourceType", "Organization"},
       {"id", place.id},
       {"identifier",
        Json::array({Json::object({{"system", "urn:meridian:demo:organization"}, {"value", place.id}})})},
       {"active", true},
       {"type", Json::array({Json::object(
                    {{"coding", Json::array({coding("http://terminology.hl7.org/CodeSystem/organization-type",
                                                    place.code, "Healthcare Provider")})},
                     {"text", place.kind}})})},
       {"alias", Json::array({Json(place.name_zh)})},
       {"telecom", Json::array({Json::object({{"system", "phone"}, {"value", place.phone}})})}});
  engine::set_localized(organization, "name", {std::string(place.name), std::string(place.name_zh)});
  return organization;
}

Json human_names(const PersonName& name) {
  return Json::array({Json::object({{"use", "official"},
                                    {"text", name.family + name.given},
                                    {"family", name.family},
                                    {"given", Json::array({Json(name.given)})}}),
                      Json::object({{"use", "usual"},
                                    {"text", name.family_latin + " " + name.given_latin},
                                    {"family", name.family_latin},
                                    {"given", Json::array({Json(name.given_latin)})}})});
}

Json practitioner(const Worker& worker) {
  const std::string latin(worker.latin);
  const auto space = latin.find(' ');
  const PersonName name{std::string(worker.family), std::string(worker.given), latin.substr(0, space),
                        latin.substr(space + 1)};
  return Json::object(
      {{"resourceType", "Practitioner"},
       {"id", worker.id},
       {"active", true},
       {"name", human_names(name)},
       {"qualification",
        Json::array({Json::object({{"code", Json::object({{"text", worker.qualification}})}})})}});
}

Json practitioner_role(const Worker& worker) {
  return Json::object(
      {{"resourceType", "PractitionerRole"},
       {"id", "role-" + std::string(worker.id)},
       {"active", true},
       {"practitioner", Json::object({{"reference", reference("Practitioner", worker.id)}})},
       {"organization", Json::object({{"reference", reference("Organization", worker.organization)}})},
       {"code", Json::array({Json::object({{"text", worker.qualification}})})}});
}

class Residents {
 public:
  Residents(std::uint64_t seed, Instant today)
      : random_(seed), today_(std::chrono::floor<std::chrono::days>(today)) {}

  void add(Region& region, int number, const Place& clinic) {
    const std::string sex = draw_below(random_, 2) ? "female" : "male";
    const PersonName name = draw_name(random_, sex);
    const int age = draw_age();
    char id[32];
    std::snprintf(id, sizeof id, "resident-%04d", number);
    region.resources.push_back(Json::object(
        {{"resourceType", "Patient"},
         {"id", id},
         {"identifier", Json::array({Json::object({{"system", "urn:meridian:demo:record-number"},
                                                   {"value", record_number(clinic, number)}})})},
         {"active", true},
         {"name", human_names(name)},
         {"gender", sex},
         {"birthDate", birth_date(age)},
         {"address",
          Json::array({Json::object(
              {{"country", "CN"}, {"text", std::string(clinic.name).substr(0, clinic.name.find(' '))}})})},
         {"managingOrganization",
          Json::object({{"reference", reference("Organization", clinic.id)}, {"display", clinic.name}})}}));
    region.patients.push_back(reference("Patient", id));
    add_allergies(region, id);
    add_conditions(region, id, age);
    add_consent(region, id, clinic);
  }

 private:
  // Village clinics see the old and the very young: a third over 65, a tenth under 10.
  int draw_age() {
    const std::size_t band = draw_below(random_, 10);
    if (band == 0) return static_cast<int>(1 + draw_below(random_, 9));
    if (band <= 3) return static_cast<int>(18 + draw_below(random_, 27));
    if (band <= 6) return static_cast<int>(45 + draw_below(random_, 20));
    return static_cast<int>(65 + draw_below(random_, 27));
  }

  std::string birth_date(int age) {
    const std::chrono::year_month_day born(
        today_ - std::chrono::days(age * 365 + age / 4 + static_cast<int>(draw_below(random_, 364))));
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(born.year()),
                  static_cast<unsigned>(born.month()), static_cast<unsigned>(born.day()));
    return text;
  }

  static std::string record_number(const Place& clinic, int number) {
    char text[16];
    std::snprintf(text, sizeof text, "%c%06d", clinic.name[0], 100000 + number * 37);
    return text;
  }

  static Json subject(const std::string& patient) {
    return Json::object({{"reference", reference("Patient", patient)}});
  }

  void add_allergies(Region& region, const std::string& patient) {
    struct Substance {
      std::string_view code, display, criticality;
    };
    static constexpr std::array<Substance, 5> kSubstances{{{"716186003", "No known allergy", ""},
                                                           {"91936005", "Allergy to penicillin", "high"},
                                                           {"91935009", "Allergy to peanut", "high"},
                                                           {"91939003", "Allergy to sulfonamide", "high"},
                                                           {"418689008", "Allergy to grass pollen", "low"}}};
    const std::size_t draw = draw_below(random_, 10);
    if (draw >= 8) return;  // nobody has asked
    const Substance& substance = draw < 6 ? kSubstances[0] : kSubstances[1 + draw_below(random_, 4)];
    Json allergy = Json::object(
        {{"resourceType", "AllergyIntolerance"},
         {"id", patient + "-allergy"},
         {"clinicalStatus",
          codeable_concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active",
                           "Active")},
         {"verificationStatus",
          codeable_concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                           "confirmed", "Confirmed")},
         {"code", codeable_concept("http://snomed.info/sct", substance.code, substance.display)},
         {"patient", subject(patient)}});
    if (!substance.criticality.empty()) allergy["criticality"] = substance.criticality;
    region.resources.push_back(std::move(allergy));
  }

  void add_conditions(Region& region, const std::string& patient, int age) {
    struct Disease {
      std::string_view code, display;
      int from_age;
      std::size_t per_hundred;
    };
    static constexpr std::array<Disease, 4> kDiseases{
        {{"I10", "Essential (primary) hypertension", 45, 45},
         {"E11", "Type 2 diabetes mellitus", 40, 14},
         {"J44", "Other chronic obstructive pulmonary disease", 50, 12},
         {"I25", "Chronic ischaemic heart disease", 55, 10}}};
    for (const Disease& disease : kDiseases) {
      if (age < disease.from_age || draw_below(random_, 100) >= disease.per_hundred) continue;
      region.resources.push_back(Json::object(
          {{"resourceType", "Condition"},
           {"id", patient + "-" + std::string(disease.code)},
           {"clinicalStatus",
            codeable_concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active")},
           {"code", codeable_concept("http://hl7.org/fhir/sid/icd-10", disease.code, disease.display)},
           {"subject", subject(patient)}}));
    }
  }

  void add_consent(Region& region, const std::string& patient, const Place& clinic) {
    if (draw_below(random_, 10) == 0) return;  // not yet asked
    region.resources.push_back(Json::object(
        {{"resourceType", "Consent"},
         {"id", patient + "-consent"},
         {"status", "active"},
         {"scope", codeable_concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy",
                                    "Privacy Consent")},
         {"category", Json::array({codeable_concept("http://loinc.org", "59284-0", "Consent Document")})},
         {"patient", subject(patient)},
         {"organization", Json::array({Json::object({{"reference", reference("Organization", clinic.id)}})})},
         {"policyRule",
          Json::object({{"text", "Reading by the node's assistants and by specialists who are asked"}})},
         {"provision", Json::object({{"type", "permit"}})}}));
  }

  std::mt19937_64 random_;
  std::chrono::sys_days today_;
};

DemoAccount account(const Worker& worker, const Region& region) {
  DemoAccount demo;
  demo.account.username = worker.username;
  demo.account.role = worker.role;
  demo.account.display = worker.latin;
  demo.account.fhir_user = worker.id.empty() ? region.patients.front() : reference("Practitioner", worker.id);
  if (!worker.organization.empty())
    demo.account.organization = reference("Organization", worker.organization);
  demo.password = kDemoPassword;
  demo.purpose = worker.purpose;
  return demo;
}

std::string display_of_first_patient(const Region& region) {
  for (const Json& resource : region.resources)
    if (resource.text("resourceType") == "Patient") return resource.get("name").at(1).text("text");
  return {};
}

}  // namespace

Region make_region(std::uint64_t seed, Instant today, int residents) {
  Region region;
  region.hospital = reference("Organization", kPlaces[0].id);
  for (const Place& place : kPlaces) {
    region.resources.push_back(organization(place));
    if (place.kind == "clinic") region.clinics.push_back(reference("Organization", place.id));
  }
  for (const Worker& worker : kWorkers) {
    if (worker.id.empty()) continue;
    region.resources.push_back(practitioner(worker));
    region.resources.push_back(practitioner_role(worker));
  }
  Residents people(seed, today);
  for (int number = 1; number <= residents; ++number)
    people.add(region, number, kPlaces[number <= residents / 2 ? 1 : 2]);
  for (const Worker& worker : kWorkers) {
    DemoAccount demo = account(worker, region);
    if (worker.role == Role::resident) demo.account.display = display_of_first_patient(region);
    region.accounts.push_back(std::move(demo));
  }
  return region;
}

}  // namespace meridian::app
