#include "record/operations/summary.h"

#include <array>
#include <set>

#include "base/error.h"
#include "base/id.h"
#include "record/operations/input.h"
#include "record/operations/lookup_resources.h"
#include "record/operations/summary_text.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr int kMostOfASection = 100;  // the newest
constexpr std::size_t kMostSupporting = 500;
constexpr std::string_view kComposition = "http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips";
constexpr std::string_view kBundle = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips";
constexpr std::string_view kLoinc = "http://loinc.org";

struct Source {
  const char *type, *parameter, *value;  // parameter: a null pointer for all of the type
};

// Composition-uv-ips: the LOINC codes of its sections, and which resources they name.
struct Section {
  const char *code, *title;
  bool required;
  std::array<Source, 2> sources;  // an empty one is none
};

constexpr std::array<Section, 13> kSections{{
    {"11450-4",
     "Problems",
     true,
     {{{"Condition", "clinical-status", "active,recurrence,relapse"},
       {"Condition", "clinical-status:missing", "true"}}}},
    {"48765-2",
     "Allergies and intolerances",
     true,
     {{{"AllergyIntolerance", "verification-status:not", "entered-in-error,refuted"}, {}}}},
    {"10160-0",
     "Medications",
     true,
     {{{"MedicationStatement", "status", "active,intended,on-hold,unknown"},
       {"MedicationRequest", "status", "active,on-hold"}}}},
    {"11369-6", "Immunizations", false, {{{"Immunization", "status", "completed"}, {}}}},
    {"30954-2",
     "Results",
     false,
     {{{"Observation", "category", "laboratory"},
       {"DiagnosticReport", "status", "final,amended,corrected"}}}},
    {"47519-4", "Procedures", false, {{{"Procedure", "status", "completed,in-progress"}, {}}}},
    {"46264-8", "Medical devices", false, {{{"DeviceUseStatement", nullptr, nullptr}, {}}}},
    {"104605-1", "Alerts", false, {{{"Flag", nullptr, nullptr}, {}}}},
    {"11348-0",
     "Past problems",
     false,
     {{{"Condition", "clinical-status", "inactive,remission,resolved"}, {}}}},
    {"10162-6",
     "Pregnancies",
     false,
     {{{"Observation", "code",
        "http://loinc.org|82810-3,http://loinc.org|11778-8,http://loinc.org|11779-6,http://"
        "loinc.org|11780-4"},
       {}}}},
    {"18776-5", "Plan of care", false, {{{"CarePlan", "status", "active,draft,on-hold"}, {}}}},
    {"29762-2", "Social history", false, {{{"Observation", "category", "social-history"}, {}}}},
    {"8716-3", "Vital signs", false, {{{"Observation", "category", "vital-signs"}, {}}}},
}};

Json coding(std::string_view system, std::string_view code) {
  return Json::object({{"coding", Json::array({Json::object({{"system", system}, {"code", code}})})}});
}

Json reference_to(const Json& resource) {
  return Json::object({{"reference", resource.text("resourceType") + "/" + resource.text("id")}});
}

class Document {
 public:
  explicit Document(const OperationContext& context) : context_(context) {}

  void add(Json resource) {
    const std::string name = resource.text("resourceType") + "/" + resource.text("id");
    if (!known_.insert(name).second) return;
    entries_.push_back(
        Json::object({{"fullUrl", context_.options.base_url + "/" + name}, {"resource", resource}}));
  }

  // What the entries refer to, once.
  void add_supporting() {
    std::vector<std::string> references;
    for (const Json& entry : entries_) collect(entry, references);
    for (const std::string& reference : references) {
      if (entries_.size() >= kMostSupporting) return;
      if (Json found = resolve_reference(context_, reference); !found.is_null()) add(std::move(found));
    }
  }

  std::string bundle() {
    return Json::object({{"resourceType", "Bundle"},
                         {"identifier",
                          Json::object({{"system", "urn:ietf:rfc:3986"}, {"value", "urn:uuid:" + new_id()}})},
                         {"type", "document"},
                         {"timestamp", format_instant(now())},
                         {"entry", Json(std::move(entries_))}})
        .dump();
  }

 private:
  static void collect(const Json& json, std::vector<std::string>& references) {
    if (json.is_array())
      for (const Json& item : json.items()) collect(item, references);
    if (!json.is_object()) return;
    for (const auto& [name, value] : json.members())
      if (name == "reference" && value.is_string())
        references.push_back(value.as_string());
      else
        collect(value, references);
  }

  const OperationContext& context_;
  std::set<std::string> known_;
  Json::Array entries_;
};

// Results that are not final yet are left out.
std::vector<Json> resources_of(const OperationContext& context, const std::string& patient,
                               const Section& section) {
  std::vector<Json> all;
  for (const Source& source : section.sources) {
    if (!source.type) continue;
    const std::string type = source.type;
    Parameters search{{"patient", "Patient/" + patient}};
    if (source.parameter) search.emplace_back(source.parameter, source.value);
    if (type == "Observation") search.emplace_back("status", "final,amended,corrected");
    search.emplace_back("_sort", "-_lastUpdated");
    for (Json& resource : find_resources(context, type, search, kMostOfASection))
      all.push_back(std::move(resource));
  }
  return all;
}

Json section_json(const Section& section, const std::vector<Json>& resources) {
  std::vector<std::string> lines;
  Json json = Json::object({{"title", section.title}, {"code", coding(kLoinc, section.code)}});
  for (const Json& resource : resources) lines.push_back(line_of_resource(resource));
  if (lines.empty()) lines.emplace_back("The record has no information on this");
  json["text"] = narrative(lines);
  for (const Json& resource : resources) json["entry"].push_back(reference_to(resource));
  // That nobody recorded anything does not say that there is nothing.
  if (resources.empty())
    json["emptyReason"] = coding("http://terminology.hl7.org/CodeSystem/list-empty-reason", "unavailable");
  return json;
}

Json patient_meant(const OperationContext& context, const OperationCall& call, const OperationInput& input) {
  if (!call.id.empty())
    return Json::parse(
        require_readable(context.connection, context.principal, "Patient", call.id).version.body);
  const std::vector<Json> found =
      find_resources(context, "Patient", {{"identifier", input.required("identifier")}}, 2);
  if (found.empty()) throw Error(ErrorCode::not_found, "No patient has the identifier", "identifier");
  if (found.size() > 1)
    throw Error(ErrorCode::precondition_failed, "More than one patient has the identifier", "identifier");
  return found.front();
}

Json author() {
  return Json::object(
      {{"resourceType", "Device"},
       {"id", "meridian"},
       {"text", narrative({"Meridian, the program that put this summary together"})},
       {"deviceName", Json::array({Json::object({{"name", "Meridian"}, {"type", "user-friendly-name"}})})}});
}

}  // namespace

std::string patient_summary(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"identifier", "profile"});
  if (const std::string profile = input.text("profile");
      !profile.empty() && profile != kComposition && profile != kBundle)
    throw Error(ErrorCode::not_supported, "Only the International Patient Summary is made", "profile");
  const Json patient = patient_meant(context, call, input);
  const Json device = author();
  Json composition = Json::object({{"resourceType", "Composition"},
                                   {"id", new_id()},
                                   {"meta", Json::object({{"profile", Json::array({kComposition})}})},
                                   {"text", narrative({"International Patient Summary"})},
                                   {"status", "final"},
                                   {"type", coding(kLoinc, "60591-5")},
                                   {"subject", reference_to(patient)},
                                   {"date", format_instant(now())},
                                   {"author", Json::array({reference_to(device)})},
                                   {"title", "International Patient Summary"}});
  std::vector<Json> named;
  for (const Section& section : kSections) {
    std::vector<Json> resources = resources_of(context, patient.text("id"), section);
    if (resources.empty() && !section.required) continue;
    composition["section"].push_back(section_json(section, resources));
    for (Json& resource : resources) named.push_back(std::move(resource));
  }
  Document document(context);
  document.add(std::move(composition));
  document.add(patient);
  document.add(device);
  for (Json& resource : named) document.add(std::move(resource));
  document.add_supporting();
  return document.bundle();
}

}  // namespace meridian::record
