#include "care/modality_worklist.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/attribute_json.h"
#include "archive/coding_scheme.h"
#include "base/error.h"
#include "care/conversion.h"
#include "care/imaging_request.h"
#include "care/people.h"
#include "care/procedure_steps.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

using archive::dicom_attribute;

constexpr const char* kSteps = "00400100";      // Scheduled Procedure Step Sequence
constexpr std::uint32_t kStation = 0x00400001;  // Scheduled Station AE Title
constexpr std::size_t kLongestCode = 16;        // of VR SH

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

// A FHIR dateTime's date and time as it is written, in its own zone.
std::string dicom_date(const std::string& when) {
  const std::string date = digits_of(std::string_view(when).substr(0, 10));
  return date.size() == 8 ? date : std::string();
}
std::string dicom_time(const std::string& when) {
  return when.size() > 18 ? digits_of(std::string_view(when).substr(11, 8)) : std::string();
}

std::string person_name(const Json& patient) {
  const Json view = view_of_patient(patient).row;
  const std::string name = view.text("name"), latin = view.text("nameLatin");
  return name == latin || latin.empty() ? name : latin + "=" + name;
}

// PS3.3, C.4.11: the order of urgency in DICOM's words.
std::string dicom_priority(const std::string& priority) {
  if (priority == "stat") return "STAT";
  return priority == "urgent" || priority == "asap" ? "HIGH" : "ROUTINE";
}

std::string station_of(const std::string& ae_title, const std::vector<archive::QueryKey>& keys) {
  const auto key = std::ranges::find(keys, kStation, &archive::QueryKey::tag);
  const bool named =
      key != keys.end() && !key->value.empty() && key->value.find_first_of("*?\\") == std::string::npos;
  return named ? key->value : ae_title;
}

Json step_of(const ImagingRequest& request, const std::string& station, const char* status) {
  return Json::object({{"00080060", dicom_attribute("CS", request.modality)},
                       {"00400001", dicom_attribute("AE", station)},
                       {"00400002", dicom_attribute("DA", dicom_date(request.scheduled))},
                       {"00400003", dicom_attribute("TM", dicom_time(request.scheduled))},
                       {"00400006", dicom_attribute("PN", "")},
                       {"00400007", dicom_attribute("LO", request.description)},
                       {"00400009", dicom_attribute("SH", request.procedure_id)},
                       {"00400020", dicom_attribute("CS", status)}});
}

// One item at most (PS3.4, table K.6-1): the first code.
Json codes_of(const Json& resource) {
  const Json* codes = resource.get("code").find("coding");
  for (const Json& coding : codes && codes->is_array() ? codes->items() : Json::Array()) {
    const std::string code = coding.text("code");
    if (code.empty()) continue;
    Json item =
        Json::object({{"00080102", dicom_attribute("SH", archive::scheme_designator(coding.text("system")))},
                      {"00080104", dicom_attribute("LO", coding.text("display"))}});
    if (code.size() <= kLongestCode)
      item["00080100"] = dicom_attribute("SH", code);
    else
      item["00080119"] = dicom_attribute("UC", code);
    return archive::dicom_sequence({item});
  }
  return archive::dicom_sequence({});
}

Json item_of(const Json& resource, const ImagingRequest& request, const Json& patient, Json step) {
  Json item = Json::object(
      {{"00080050", dicom_attribute("SH", request.accession_number)},
       {"00100010", dicom_attribute("PN", person_name(patient))},
       {"00100020", dicom_attribute("LO", patient.text("identifier.value", id_of(request.patient)))},
       {"00100030", dicom_attribute("DA", digits_of(patient.text("birthDate")))},
       {"00100040", dicom_attribute("CS", dicom_sex(patient.text("gender")))},
       {"0020000D", dicom_attribute("UI", request.study_uid)},
       {"00321032", dicom_attribute("PN", resource.text("requester.display"))},
       {"00321060", dicom_attribute("LO", request.description)},
       {"00321064", codes_of(resource)},
       {"00401001", dicom_attribute("SH", request.procedure_id)},
       {"00401002", dicom_attribute("LO", resource.text("reasonCode.text"))},
       {"00401003", dicom_attribute("SH", dicom_priority(resource.text("priority")))}});
  item[kSteps] = archive::dicom_sequence({std::move(step)});
  return item;
}

// The attribute of the item, or of its scheduled step.
const Json* find_attribute(const Json& item, std::uint32_t tag) {
  const std::string name = fmt::format("{:08X}", tag);
  const Json* own = item.find(name);
  return own ? own : archive::sequence_items(item, kSteps).front().find(name);
}

bool matches(const Json& item, const std::vector<archive::QueryKey>& keys) {
  return std::ranges::all_of(keys, [&](const archive::QueryKey& key) {
    const Json* attribute = find_attribute(item, key.tag);
    return !attribute || archive::matches_key(attribute, key.value);
  });
}

std::string scheduled_moment(const Json& item) {
  const Json& step = archive::sequence_items(item, kSteps).front();
  return archive::first_value(step, "00400002") + archive::first_value(step, "00400003");
}

}  // namespace

std::vector<Json> ModalityWorklist::find(const trust::Principal& device, const std::string& ae_title,
                                         const std::vector<archive::QueryKey>& keys) const {
  const trust::Principal system = trust::Principal::system();
  const std::string station = station_of(ae_title, keys);
  std::vector<Json> items;
  for (const Json& resource : context_.record.find(system, "ServiceRequest", {{"status", "active"}})) {
    const auto request = read_imaging_request(resource);
    if (!request || !is_for(resource, device.organization)) continue;
    const bool seen = context_.database.read([&](storage::Connection& connection) {
      return trust::may_see(connection, device, request->patient);
    });
    if (!seen) continue;
    const Json patient = Json::parse(context_.record.read(system, "Patient", id_of(request->patient)).body);
    const bool started = has_step_in_progress(context_.record, request->id);
    Json item =
        item_of(resource, *request, patient, step_of(*request, station, started ? "STARTED" : "SCHEDULED"));
    if (matches(item, keys)) items.push_back(std::move(item));
  }
  std::ranges::stable_sort(items, {}, scheduled_moment);
  return items;
}

}  // namespace meridian::care
