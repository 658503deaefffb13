#include "archive/imaging_study.h"

#include <algorithm>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr const char* kModalitySystem = "http://dicom.nema.org/resources/ontology/DCM";

std::string oid(const std::string& uid) {
  return "urn:oid:" + uid;
}

void put_text(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

Json modality(const std::string& code) {
  return Json::object({{"system", kModalitySystem}, {"code", code.empty() ? "OT" : code}});
}

Json instance_of(const InstanceFacts& facts) {
  Json instance = Json::object({{"uid", facts.key.instance}});
  instance["sopClass"] = Json::object({{"system", "urn:ietf:rfc:3986"}, {"code", oid(facts.sop_class)}});
  if (facts.instance_number >= 0) instance["number"] = facts.instance_number;
  return instance;
}

Json series_of(std::span<const InstanceFacts> instances) {
  const InstanceFacts& first = instances.front();
  Json series = Json::object({{"uid", first.key.series}});
  if (first.series_number >= 0) series["number"] = first.series_number;
  series["modality"] = modality(first.modality);
  put_text(series, "description", first.series_description);
  series["numberOfInstances"] = std::int64_t(instances.size());
  if (!first.body_part.empty()) series["bodySite"] = Json::object({{"display", first.body_part}});
  Json& list = series["instance"];
  for (const InstanceFacts& facts : instances) list.push_back(instance_of(facts));
  return series;
}

Json identifiers(const InstanceFacts& facts) {
  Json list = Json::array({Json::object({{"system", kDicomUidSystem}, {"value", oid(facts.key.study)}})});
  if (facts.accession_number.empty()) return list;
  const Json type = Json::object(
      {{"coding", Json::array({Json::object(
                      {{"system", "http://terminology.hl7.org/CodeSystem/v2-0203"}, {"code", "ACSN"}})})}});
  list.push_back(Json::object({{"type", type}, {"value", facts.accession_number}}));
  return list;
}

Json modalities(std::span<const InstanceFacts> instances) {
  std::vector<std::string> codes;
  for (const InstanceFacts& facts : instances)
    if (std::ranges::find(codes, facts.modality) == codes.end()) codes.push_back(facts.modality);
  Json list = Json::array();
  for (const std::string& code : codes) list.push_back(modality(code));
  return list;
}

}  // namespace

Json imaging_study(std::span<const InstanceFacts> instances, const Json& subject) {
  if (instances.empty()) throw Error(ErrorCode::invalid_value, "An imaging study has at least one instance");
  const InstanceFacts& first = instances.front();
  Json study = Json::object(
      {{"resourceType", "ImagingStudy"}, {"identifier", identifiers(first)}, {"status", "available"}});
  study["modality"] = modalities(instances);
  study["subject"] = subject;
  put_text(study, "started", first.study_datetime);
  study["numberOfInstances"] = std::int64_t(instances.size());
  Json series = Json::array();
  while (!instances.empty()) {
    const std::string& uid = instances.front().key.series;
    const auto end =
        std::ranges::find_if(instances, [&](const InstanceFacts& facts) { return facts.key.series != uid; });
    const auto size = static_cast<std::size_t>(end - instances.begin());
    series.push_back(series_of(instances.first(size)));
    instances = instances.subspan(size);
  }
  study["numberOfSeries"] = std::int64_t(series.size());
  study["series"] = std::move(series);
  put_text(study, "description", first.study_description);
  return study;
}

}  // namespace meridian::archive
