#include "care/imaging_request.h"

#include <algorithm>
#include <array>

#include "archive/imaging_study.h"
#include "base/id.h"

namespace meridian::care {
namespace {

constexpr std::string_view kModalities = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view kOid = "urn:oid:";
constexpr std::size_t kLongestShortString = 16;  // of VR SH

const Json::Array& items_of(const Json& resource, const char* member) {
  static const Json::Array none;
  const Json* list = resource.find(member);
  return list && list->is_array() ? list->items() : none;
}

std::string modality_in(const Json& concept_json) {
  for (const Json& coding : items_of(concept_json, "coding"))
    if (coding.text("system") == kModalities) return coding.text("code");
  return {};
}

std::string modality_of(const Json& request) {
  for (const Json& detail : items_of(request, "orderDetail"))
    if (std::string code = modality_in(detail); !code.empty()) return code;
  const Json* code = request.find("code");
  return code ? modality_in(*code) : std::string();
}

std::string identifier_of_type(const Json& request, std::string_view type) {
  for (const Json& identifier : items_of(request, "identifier")) {
    std::string value = identifier.text("value");
    if (identifier.text("type.coding.code") == type && value.size() <= kLongestShortString) return value;
  }
  return {};
}

std::string study_uid_of(const Json& request) {
  for (const Json& identifier : items_of(request, "identifier")) {
    const std::string value = identifier.text("value");
    if (identifier.text("system") == archive::kDicomUidSystem && value.starts_with(kOid))
      return value.substr(kOid.size());
  }
  return dicom_uid_of("ServiceRequest/" + request.text("id"));
}

std::string description_of(const Json& request) {
  const std::string text = request.text("code.text");
  return text.empty() ? request.text("code.coding.display") : text;
}

std::string first_of(const Json& request, std::initializer_list<const char*> members) {
  for (const char* member : members)
    if (std::string text = request.text(member); !text.empty()) return text;
  return {};
}

}  // namespace

std::optional<ImagingRequest> read_imaging_request(const Json& service_request) {
  const std::string intent = service_request.text("intent");
  ImagingRequest request{
      .id = service_request.text("id"),
      .status = service_request.text("status"),
      .patient = service_request.text("subject.reference"),
      .modality = modality_of(service_request),
      .study_uid = study_uid_of(service_request),
      .accession_number = identifier_of_type(service_request, "ACSN"),
      .procedure_id = identifier_of_type(service_request, "PLAC"),
      .description = description_of(service_request),
      .scheduled = first_of(service_request, {"occurrenceDateTime", "occurrencePeriod.start", "authoredOn"})};
  if (request.modality.empty() || !intent.ends_with("order")) return {};
  if (request.procedure_id.empty()) request.procedure_id = request.accession_number;
  if (request.procedure_id.empty())
    request.procedure_id = stable_id({"requested-procedure", request.id}).substr(0, 8);
  return request;
}

bool is_for(const Json& service_request, const std::string& organization) {
  const auto& performers = items_of(service_request, "performer");
  return performers.empty() || std::ranges::any_of(performers, [&](const Json& performer) {
           return performer.text("reference") == organization;
         });
}

}  // namespace meridian::care
