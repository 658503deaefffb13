#include "care/study.h"

#include <algorithm>

#include "archive/imaging_study.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

void increment(Json& element, std::string_view member) {
  const Json* count = element.find(member);
  element[member] = (count ? count->as_int() : 0) + 1;
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

}  // namespace

std::string add_to_study(record::Writer& writer, const archive::InstanceFacts& facts,
                         const std::string& patient, const std::string& encounter) {
  std::string reference = "ImagingStudy/" + stable_id({"study", facts.key.study});
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

}  // namespace meridian::care
