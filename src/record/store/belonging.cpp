#include "record/store/belonging.h"

#include <algorithm>
#include <array>

#include "trust/access.h"

namespace meridian::record {
namespace {

constexpr std::array<std::string_view, 5> kResults{"Composition", "DetectedIssue", "DiagnosticReport",
                                                   "Observation", "RiskAssessment"};
constexpr std::array<std::string_view, 3> kUnfinished{"registered", "partial", "preliminary"};

bool is_unfinished_result(std::string_view type, std::string_view status) {
  return std::ranges::find(kResults, type) != kResults.end() &&
         std::ranges::find(kUnfinished, status) != kUnfinished.end();
}

bool is_kept_from_patient(const Json& resource) {
  const Json* meta = resource.find("meta");
  const Json* labels = meta ? meta->find("security") : nullptr;
  return labels && std::ranges::any_of(labels->items(), [](const Json& label) {
           return label.text("system") == kActCode && label.text("code") == kNotForPatient;
         });
}

// "Type/id" of a reference, also of one to a version.
std::string without_version(const std::string& reference) {
  return reference.substr(0, reference.find("/_history/"));
}

std::vector<std::string> contexts_of(const Json& resource) {
  std::vector<std::string> contexts;
  const auto add = [&](const std::string& reference) {
    if (!reference.empty()) contexts.push_back(without_version(reference));
  };
  const std::string type = resource.text("resourceType");
  if (type == "Binary") add(resource.text("securityContext.reference"));
  if (type == "Provenance")
    for (const Json& target : resource.get("target").items()) add(target.text("reference"));
  return contexts;
}

Audience audience_of(const Json& resource, bool of_a_patient) {
  const std::string type = resource.text("resourceType");
  if (!of_a_patient && (trust::is_reference_data(type) || type == "AuditEvent")) return Audience::everyone;
  return is_unfinished_result(type, resource.text("status")) || is_kept_from_patient(resource)
             ? Audience::care_team
             : Audience::patient;
}

}  // namespace

Belonging belonging_of(const Json& resource, std::vector<std::string> patients) {
  Belonging belonging{std::move(patients), Audience::care_team, {}};
  if (resource.text("resourceType") == "Patient")
    belonging.patients.push_back("Patient/" + resource.text("id"));
  for (std::string& context : contexts_of(resource))
    (context.starts_with("Patient/") ? belonging.patients : belonging.contexts).push_back(std::move(context));
  std::vector<std::string>& owners = belonging.patients;
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  belonging.audience = audience_of(resource, !belonging.patients.empty());
  return belonging;
}

}  // namespace meridian::record
