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

Json json_of(const SeriesFacts& facts) {
  const InstanceFacts& first = facts.first_instances.front();
  Json series = Json::object({{"uid", first.key.series}});
  if (first.series_number >= 0) series["number"] = first.series_number;
  series["modality"] = modality(first.modality);
  put_text(series, "description", first.series_description);
  series["numberOfInstances"] = facts.instances;
  if (!first.body_part.empty()) series["bodySite"] = Json::object({{"display", first.body_part}});
  Json& list = series["instance"];
  for (const InstanceFacts& instance : facts.first_instances) list.push_back(instance_of(instance));
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

Json modalities(std::span<const SeriesFacts> series) {
  std::vector<std::string> codes;
  for (const SeriesFacts& facts : series)
    if (const std::string& code = facts.first_instances.front().modality;
        std::ranges::find(codes, code) == codes.end())
      codes.push_back(code);
  Json list = Json::array();
  for (const std::string& code : codes) list.push_back(modality(code));
  return list;
}

}  // namespace

void describe_study(Json& resource, std::span<const SeriesFacts> series) {
  if (series.empty()) throw Error(ErrorCode::invalid_value, "An imaging study has at least one instance");
  const InstanceFacts& first = series.front().first_instances.front();
  resource["identifier"] = identifiers(first);
  resource["status"] = "available";
  resource["modality"] = modalities(series);
  put_text(resource, "started", first.study_datetime);
  put_text(resource, "description", first.study_description);
  resource["numberOfSeries"] = std::int64_t(series.size());
  Json list = Json::array();
  std::int64_t instances = 0;
  for (const SeriesFacts& facts : series) {
    instances += facts.instances;
    list.push_back(json_of(facts));
  }
  resource["numberOfInstances"] = instances;
  resource["series"] = std::move(list);
}

}  // namespace meridian::archive
