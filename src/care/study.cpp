#include "care/study.h"

#include <set>

#include "archive/imaging_study.h"
#include "care/study_updates.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

std::set<std::string> unsigned_series(storage::Connection& connection, const std::string& study) {
  std::set<std::string> series;
  connection.query("SELECT series FROM care_result WHERE study = ? GROUP BY series HAVING MAX(signed) = 0",
                   {study}, [&](const storage::Row& row) { series.emplace(row.text(0)); });
  return series;
}

// Nothing when no recording says whose it is.
std::optional<Json> new_study(storage::Connection& connection, const std::string& study,
                              const std::string& id) {
  std::optional<Json> resource;
  connection.query_first(
      "SELECT patient, case_id FROM care_recording WHERE study = ?", {study}, [&](const storage::Row& row) {
        resource = Json::object({{"resourceType", "ImagingStudy"}, {"id", id}});
        (*resource)["subject"] = engine::reference(std::string(row.text(0)));
        (*resource)["encounter"] = engine::reference("Encounter/" + std::string(row.text(1)));
      });
  return resource;
}

}  // namespace

std::string imaging_study_of(const std::string& study) {
  return "ImagingStudy/" + stable_id({"study", study});
}

void refresh_study(record::Writer& writer, const archive::Archive& archive, const std::string& study) {
  const std::string reference = imaging_study_of(study), id = reference.substr(reference.find('/') + 1);
  storage::Transaction& transaction = writer.transaction();
  std::vector<archive::SeriesFacts> series = archive.series(transaction, study, kListedInstances);
  const std::set<std::string> hidden = unsigned_series(transaction, study);
  std::erase_if(series, [&](const archive::SeriesFacts& one) {
    return hidden.contains(one.first_instances.front().key.series);
  });
  auto resource = engine::read_if_any(writer, reference);
  if (series.empty()) {
    if (resource) writer.remove("ImagingStudy", id);
    return;
  }
  if (!resource) resource = new_study(transaction, study, id);
  if (!resource) return;
  archive::describe_study(*resource, series);
  writer.update(*resource);
}

void refresh_study_soon(record::Writer& writer, const std::string& study) {
  writer.enqueue(std::string(kStudyTopic), Json::object({{"study", study}}), study);
}

}  // namespace meridian::care
