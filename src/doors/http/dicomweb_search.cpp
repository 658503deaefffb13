#include "doors/http/dicomweb_search.h"

#include <map>

#include "base/error.h"
#include "doors/http/dicom_json.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kOidPrefix = "urn:oid:";

struct SearchKey {
  std::string_view keyword, tag, fhir;  // the parameter of ImagingStudy that finds the same
};

constexpr std::array<SearchKey, 5> kKeys{{{"StudyInstanceUID", "0020000D", "identifier"},
                                          {"PatientID", "00100020", "patient.identifier"},
                                          {"AccessionNumber", "00080050", "identifier"},
                                          {"ModalitiesInStudy", "00080061", "modality"},
                                          {"StudyDate", "00080020", "started"}}};

std::string fhir_date(const std::string& dicom) {
  if (dicom.size() != 8)
    throw Error(ErrorCode::invalid_request, "A date is YYYYMMDD or a range of two", "StudyDate");
  return dicom.substr(0, 4) + "-" + dicom.substr(4, 2) + "-" + dicom.substr(6, 2);
}

// A date, or the ends of a range (PS3.18 8.3.4.6); either may be missing.
void add_dates(record::Parameters& parameters, const std::string& value) {
  const auto dash = value.find('-');
  if (dash == std::string::npos) {
    parameters.emplace_back("started", fhir_date(value));
    return;
  }
  if (dash > 0) parameters.emplace_back("started", "ge" + fhir_date(value.substr(0, dash)));
  if (dash + 1 < value.size()) parameters.emplace_back("started", "le" + fhir_date(value.substr(dash + 1)));
}

void add_key(record::Parameters& parameters, const std::string& name, const std::string& value) {
  if (name == "includefield" || name == "fuzzymatching" || value.empty())
    return;  // all that is known is given anyway
  for (const SearchKey& key : kKeys) {
    if (key.keyword != name && key.tag != name) continue;
    if (key.keyword == "StudyDate") return add_dates(parameters, value);
    const bool study = key.keyword == "StudyInstanceUID";
    parameters.emplace_back(std::string(key.fhir),
                            study ? "urn:dicom:uid|" + std::string(kOidPrefix) + value : value);
    return;
  }
  throw Error(ErrorCode::invalid_request, "Studies are not found by this attribute", name,
              "Use StudyInstanceUID, PatientID, AccessionNumber, ModalitiesInStudy or StudyDate");
}

std::string study_uid(const Json& study) {
  const Json* identifiers = study.find("identifier");
  for (const Json& identifier :
       identifiers && identifiers->is_array() ? identifiers->items() : Json::Array()) {
    const std::string value = identifier.text("value");
    if (identifier.text("system") == "urn:dicom:uid" && value.starts_with(kOidPrefix))
      return value.substr(kOidPrefix.size());
  }
  return {};
}

Json study_json(const archive::InstanceFacts& facts) {
  return Json::object({{"00080020", dicom_attribute("DA", facts.study_date)},
                       {"00080030", dicom_attribute("TM", facts.study_time)},
                       {"00080050", dicom_attribute("SH", facts.accession_number)},
                       {"00081030", dicom_attribute("LO", facts.study_description)},
                       {"00081190", dicom_attribute("UR", "/dicomweb/studies/" + facts.key.study)},
                       {"00100010", dicom_attribute("PN", facts.patient_name)},
                       {"00100020", dicom_attribute("LO", facts.patient_id)},
                       {"00100030", dicom_attribute("DA", facts.patient_birth_date)},
                       {"00100040", dicom_attribute("CS", facts.patient_sex)},
                       {"0020000D", dicom_attribute("UI", facts.key.study)},
                       {"00200010", dicom_attribute("SH", facts.study_id)}});
}

Json series_json(const archive::InstanceFacts& facts) {
  return Json::object({{"00080060", dicom_attribute("CS", facts.modality)},
                       {"0008103E", dicom_attribute("LO", facts.series_description)},
                       {"00081190", dicom_attribute("UR", "/dicomweb/studies/" + facts.key.study +
                                                              "/series/" + facts.key.series)},
                       {"0020000D", dicom_attribute("UI", facts.key.study)},
                       {"0020000E", dicom_attribute("UI", facts.key.series)},
                       {"00200011", dicom_number("IS", facts.series_number)}});
}

Json instance_json(const archive::InstanceFacts& facts) {
  Json json = Json::object({{"00080016", dicom_attribute("UI", facts.sop_class)},
                            {"00080018", dicom_attribute("UI", facts.key.instance)},
                            {"00080060", dicom_attribute("CS", facts.modality)},
                            {"0020000D", dicom_attribute("UI", facts.key.study)},
                            {"0020000E", dicom_attribute("UI", facts.key.series)},
                            {"00200013", dicom_number("IS", facts.instance_number)},
                            {"00280008", dicom_number("IS", facts.frames)}});
  if (facts.rows == 0) return json;
  json["00280010"] = dicom_number("US", facts.rows);
  json["00280011"] = dicom_number("US", facts.columns);
  return json;
}

Response dicom_json_response(const Json& list) {
  Response response = Response::json(list);
  response.media_type = "application/dicom+json";
  return response;
}

// What the study as a whole has, beside what its first instance says.
Json summary(const std::vector<archive::InstanceFacts>& instances) {
  Json json = study_json(instances.front());
  std::map<std::string, int> series, modalities;
  for (const archive::InstanceFacts& facts : instances) {
    ++series[facts.key.series];
    if (!facts.modality.empty()) ++modalities[facts.modality];
  }
  Json names = Json::array();
  for (const auto& [name, count] : modalities) names.push_back(name);
  json["00080061"] = Json::object({{"vr", "CS"}, {"Value", std::move(names)}});
  json["00201206"] = dicom_number("IS", static_cast<std::int64_t>(series.size()));
  json["00201208"] = dicom_number("IS", static_cast<std::int64_t>(instances.size()));
  return json;
}

}  // namespace

Response search_studies(const Services& services, const Request& request) {
  record::Parameters parameters;
  for (const auto& [name, value] : request.query)
    if (name != "limit" && name != "offset") add_key(parameters, name, value);
  parameters.emplace_back("_sort", "-started");
  const auto limit = static_cast<std::size_t>(request.number("limit", 100, 1, 1000));
  auto skip = static_cast<std::size_t>(request.number("offset", 0, 0, 1'000'000));
  Json list = Json::array();
  for (const Json& study : services.record.find(request.principal(), "ImagingStudy", parameters)) {
    if (list.size() == limit) break;
    if (skip > 0) {
      --skip;
      continue;
    }
    const auto instances = services.archive.instances(study_uid(study));
    if (!instances.empty()) list.push_back(summary(instances));
  }
  return dicom_json_response(list);
}

Response list_series(const std::vector<archive::InstanceFacts>& instances) {
  Json list = Json::array();
  std::string last;
  for (const archive::InstanceFacts& facts : instances) {
    if (facts.key.series == last) continue;
    last = facts.key.series;
    list.push_back(series_json(facts));
  }
  return dicom_json_response(list);
}

Response list_instances(const std::vector<archive::InstanceFacts>& instances) {
  Json list = Json::array();
  for (const archive::InstanceFacts& facts : instances) list.push_back(instance_json(facts));
  return dicom_json_response(list);
}

}  // namespace meridian::doors::http
