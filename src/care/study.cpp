#include "care/study.h"

#include <algorithm>

#include "archive/imaging_study.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

void increment(Json& element, std::string_view member, std::int64_t by = 1) {
  const Json* count = element.find(member);
  element[member] = (count ? count->as_int() : 0) + by;
}

void add_modality(Json& study, const Json& modality) {
  auto& known = study["modality"].items();
  const bool is_known = std::any_of(known.begin(), known.end(), [&](const Json& item) {
    return item.text("code") == modality.text("code");
  });
  if (!is_known) known.push_back(modality);
}

// single: the study as it would be with this instance alone.
void merge(Json& study, const Json& single) {
  const Json& arriving = single.find("series")->at(0);
  add_modality(study, single.find("modality")->at(0));
  increment(study, "numberOfInstances");
  auto& all = study["series"].items();
  const auto series = std::find_if(
      all.begin(), all.end(), [&](const Json& item) { return item.text("uid") == arriving.text("uid"); });
  if (series == all.end()) {
    all.push_back(arriving);
    increment(study, "numberOfSeries");
    return;
  }
  increment(*series, "numberOfInstances");
  Json& instances = (*series)["instance"];
  if (instances.size() < kListedInstances) instances.push_back(arriving.find("instance")->at(0));
}

std::string reference_of(const std::string& study) {
  return "ImagingStudy/" + stable_id({"study", study});
}

void take_instance(Json& study, const archive::InstanceFacts& facts) {
  auto& all = study["series"].items();
  const auto series = std::find_if(all.begin(), all.end(),
                                   [&](const Json& item) { return item.text("uid") == facts.key.series; });
  if (series == all.end()) return;  // of an assistant's unsigned draft, which a study does not list
  increment(study, "numberOfInstances", -1);
  increment(*series, "numberOfInstances", -1);
  if (Json* listed = series->find("instance"))
    std::erase_if(listed->items(), [&](const Json& item) { return item.text("uid") == facts.key.instance; });
  if (series->find("numberOfInstances")->as_int() > 0) return;
  all.erase(series);
  increment(study, "numberOfSeries", -1);
}

}  // namespace

std::string add_to_study(record::Writer& writer, const archive::InstanceFacts& facts,
                         const std::string& patient, const std::string& encounter) {
  std::string reference = reference_of(facts.key.study);
  const Json single = archive::imaging_study({&facts, 1}, engine::reference(patient));
  if (auto study = engine::read_if_any(writer, reference)) {
    merge(*study, single);
    writer.update(*study);
    return reference;
  }
  Json study = single;
  study["id"] = reference.substr(reference.find('/') + 1);
  study["encounter"] = engine::reference(encounter);
  writer.update(study);
  return reference;
}

void take_from_study(record::Writer& writer, const std::vector<archive::InstanceFacts>& removed) {
  if (removed.empty()) return;
  const std::string reference = reference_of(removed.front().key.study);
  auto study = engine::read_if_any(writer, reference);
  if (!study) return;
  for (const archive::InstanceFacts& facts : removed) take_instance(*study, facts);
  if (study->find("series")->empty()) {
    writer.remove("ImagingStudy", reference.substr(reference.find('/') + 1));
    return;
  }
  (*study)["modality"] = Json::array();
  for (const Json& series : study->find("series")->items()) add_modality(*study, *series.find("modality"));
  for (Json& series : (*study)["series"].items())
    if (series.find("instance") && series.find("instance")->empty()) series.erase("instance");
  writer.update(*study);
}

}  // namespace meridian::care
