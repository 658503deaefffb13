#include "care/results.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/log.h"
#include "care/draft_view.h"
#include "care/people.h"
#include "care/study.h"
#include "engine/draft.h"
#include "engine/reading_results.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 4, R"(
  CREATE TABLE care_result (
    instance TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    series TEXT NOT NULL,
    modality TEXT NOT NULL,
    patient TEXT NOT NULL,
    encounter TEXT NOT NULL,
    report TEXT NOT NULL,
    signed BIGINT NOT NULL);
  CREATE INDEX care_result_study ON care_result (study);
  CREATE INDEX care_result_report ON care_result (report);
)"}}};

struct ResultRow {
  std::string instance, study, patient, encounter;
};

std::vector<ResultRow> results_of(storage::Connection& connection, const std::string& report) {
  std::vector<ResultRow> rows;
  connection.query(
      "SELECT instance, study, patient, encounter FROM care_result WHERE report = ? ORDER BY instance",
      {report}, [&](const storage::Row& row) {
        rows.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                        std::string(row.text(3))});
      });
  return rows;
}

void save(storage::Transaction& transaction, const archive::InstanceFacts& facts, const ResultRow& row,
          const std::string& report, bool is_signed) {
  transaction.execute("DELETE FROM care_result WHERE instance = ?", {facts.key.instance});
  transaction.execute("INSERT INTO care_result VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      {facts.key.instance, facts.key.study, facts.key.series, facts.modality, row.patient,
                       row.encounter, report, std::int64_t(is_signed)});
}

bool sees_drafts(const trust::Principal& principal) {
  return principal.role != trust::Role::resident;
}

std::int64_t count_at(const Json& match, const char* tag) {
  const Json& value = match.get(std::string(tag) + ".Value");
  return value.is_array() && !value.empty() && value.at(0).is_number() ? value.at(0).as_int() : 0;
}

// The positions of a draft's findings among those that were accepted.
std::vector<std::size_t> accepted_of(const Json& draft, const std::vector<std::string>& accepted) {
  std::vector<std::size_t> positions;
  const Json* results = draft.find("result");
  if (!results) return positions;
  for (std::size_t i = 0; i < results->size(); ++i)
    if (std::ranges::find(accepted, id_of(results->at(i).text("reference"))) != accepted.end())
      positions.push_back(i);
  return positions;
}

std::string title_of(const engine::Registry& registry, const std::string& assistant) {
  const engine::Assistant* found = registry.find(assistant);
  return found ? found->card().title.en : assistant;  // no longer installed
}

std::string organization_name(record::Record& record, const std::string& organization) {
  if (organization.empty()) return {};
  return Json::parse(record.read(trust::Principal::system(), "Organization", id_of(organization)).body)
      .text("name");
}

}  // namespace

std::span<const storage::Migration> result_migrations() {
  return kMigrations;
}

void keep_results(engine::Runner& runner) {
  runner.on_result([](record::Writer& writer, const engine::RunResult& result) {
    for (const archive::InstanceFacts& facts : result.objects)
      save(writer.transaction(), facts,
           {facts.key.instance, facts.key.study, result.request.patient, result.request.encounter},
           result.report, false);
  });
}

std::string patient_of_result(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& instance) {
  std::string patient;
  connection.query_first("SELECT patient, signed FROM care_result WHERE instance = ?", {instance},
                         [&](const storage::Row& row) {
                           if (row.integer(1) || sees_drafts(principal)) patient = row.text(0);
                         });
  return patient;
}

HiddenSeries hidden_series(storage::Connection& connection, const trust::Principal& principal,
                           const std::string& study) {
  HiddenSeries hidden;
  if (sees_drafts(principal)) return hidden;
  connection.query(
      "SELECT series, MIN(modality), COUNT(*), MAX(signed) FROM care_result WHERE study = ? GROUP BY series",
      {study}, [&](const storage::Row& row) {
        if (row.integer(3)) return;
        hidden.instances[std::string(row.text(0))] = row.integer(2);
        hidden.modalities.emplace(row.text(1));
      });
  if (hidden.empty()) return hidden;
  connection.query(
      "SELECT modality FROM care_recording WHERE study = ? UNION "
      "SELECT modality FROM care_result WHERE study = ? AND signed = 1",
      {study, study}, [&](const storage::Row& row) { hidden.modalities.erase(std::string(row.text(0))); });
  return hidden;
}

void hide_series(Json& study, const HiddenSeries& hidden) {
  std::int64_t instances = 0;
  for (const auto& [series, count] : hidden.instances) instances += count;
  const std::int64_t series_left = count_at(study, "00201206") - std::ssize(hidden.instances);
  const std::int64_t instances_left = count_at(study, "00201208") - instances;
  study["00201206"]["Value"] = Json::array({series_left});
  study["00201208"]["Value"] = Json::array({instances_left});
  Json* modalities = study.find("00080061");
  Json* values = modalities ? modalities->find("Value") : nullptr;
  if (values)
    std::erase_if(values->items(),
                  [&](const Json& value) { return hidden.modalities.contains(value.as_string()); });
}

void erase_hidden(storage::Connection& connection, const trust::Principal& principal,
                  std::vector<archive::InstanceFacts>& instances) {
  if (instances.empty()) return;
  const HiddenSeries hidden = hidden_series(connection, principal, instances.front().key.study);
  std::erase_if(instances,
                [&](const archive::InstanceFacts& facts) { return hidden.contains(facts.key.series); });
}

void remove_results(record::Writer& writer, const archive::Archive& archive, const std::string& report) {
  for (const ResultRow& row : results_of(writer.transaction(), report)) {
    if (const auto facts = archive.find(row.instance)) archive.remove(writer.transaction(), facts->key);
    writer.transaction().execute("DELETE FROM care_result WHERE instance = ?", {row.instance});
    trust::LedgerEntry entry;
    entry.action = "D";
    entry.kind = "dicom.remove";
    entry.patient = row.patient;
    entry.entity = row.instance;
    entry.detail = Json::object({{"draft", report}});
    writer.audit(entry);
  }
}

VerifiedResults::VerifiedResults(const Context& context, const trust::Principal& principal,
                                 const std::vector<Json>& drafts, const std::vector<std::string>& accepted)
    : context_(context) {
  for (const Json& draft : drafts) {
    const std::vector<std::size_t> positions = accepted_of(draft, accepted);
    if (!positions.empty()) verify(principal, draft, positions);
  }
}

void VerifiedResults::verify(const trust::Principal& principal, const Json& draft,
                             const std::vector<std::size_t>& accepted) {
  const std::string report = "DiagnosticReport/" + draft.text("id");
  const bool has_objects = context_.database.read(
      [&](storage::Connection& connection) { return !results_of(connection, report).empty(); });
  if (!has_objects) return;
  signed_.push_back({report, {}});
  try {
    const std::string binary = engine::evidence_reference(draft);
    const Json reading = engine::reading_of(
        Json::parse(context_.record.read(trust::Principal::system(), "Binary", id_of(binary)).body));
    const std::string segmentation = engine::segmentation_uid(reading);
    signed_.back().verified.push_back(context_.archive.receive(engine::compose_verified_report(
        reading, title_of(context_.registry, reading.text("assistant")),
        context_.archive.bytes(input_of(draft)),
        context_.archive.find(segmentation) ? context_.archive.bytes(segmentation) : std::string(), accepted,
        {principal.display, organization_name(context_.record, principal.organization), now(), {}})));
  } catch (const Error& error) {
    log_error("verified-report-not-made", {{"report", report}, {"reason", error.describe()}});
  }
}

VerifiedResults::~VerifiedResults() {
  if (filed_) return;
  for (const Signed& draft : signed_)
    for (const archive::Received& object : draft.verified) {
      try {
        context_.archive.discard(object);
      } catch (const Error& error) {
        log_warning("results-not-discarded", {{"reason", error.describe()}});  // the next start sweeps them
      }
    }
}

void VerifiedResults::file(record::Writer& writer) {
  storage::Transaction& transaction = writer.transaction();
  transaction.after_commit([this] { filed_ = true; });
  for (const Signed& draft : signed_) {
    const std::vector<ResultRow> rows = results_of(transaction, draft.report);
    if (rows.empty()) continue;  // thrown out meanwhile
    transaction.execute("UPDATE care_result SET signed = 1 WHERE report = ?", {draft.report});
    for (const archive::Received& object : draft.verified) {
      context_.archive.replace(transaction, object);
      save(transaction, object.facts, rows.front(), draft.report, true);
    }
    refresh_study(writer, context_.archive, rows.front().study);
  }
}

}  // namespace meridian::care
