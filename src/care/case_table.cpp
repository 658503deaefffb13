#include "care/case_table.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 3> kMigrations{{{"care", 1, R"(
  CREATE TABLE care_case (
    id TEXT PRIMARY KEY,
    patient TEXT NOT NULL,
    patient_json TEXT NOT NULL,
    search TEXT NOT NULL,
    organization TEXT NOT NULL,
    organization_name TEXT NOT NULL,
    asked TEXT NOT NULL,
    status TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    urgency_reason TEXT NOT NULL,
    modality TEXT NOT NULL,
    draft TEXT NOT NULL,
    reader TEXT NOT NULL,
    reader_display TEXT NOT NULL,
    since BIGINT NOT NULL,
    signed_at BIGINT NOT NULL,
    version BIGINT NOT NULL);
  CREATE INDEX care_case_organization ON care_case (organization, status);
  CREATE INDEX care_case_asked ON care_case (asked, status);
  CREATE INDEX care_case_patient ON care_case (patient);
  CREATE TABLE care_recording (
    instance TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    series TEXT NOT NULL,
    case_id TEXT NOT NULL,
    patient TEXT NOT NULL,
    kind TEXT NOT NULL,
    modality TEXT NOT NULL,
    title TEXT NOT NULL,
    at BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    leads TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL);
  CREATE INDEX care_recording_patient ON care_recording (patient);
)"},
                                                         {"care", 3, R"(
  CREATE INDEX care_recording_study ON care_recording (study, patient);
)"},
                                                         {"care", 7, R"(
  ALTER TABLE care_recording ADD COLUMN flaws TEXT NOT NULL DEFAULT '[]';
)"}}};

constexpr std::array<std::string_view, 5> kStatuses{"waiting", "reading", "asked", "answered", "signed"};

std::int64_t microseconds(Instant time) {
  return time.time_since_epoch().count();
}
Instant instant(std::int64_t microseconds) {
  return Instant(std::chrono::microseconds(microseconds));
}

std::optional<CaseRow> first_case(storage::Connection& connection, const std::string& rest,
                                  std::initializer_list<storage::Value> values) {
  std::optional<CaseRow> found;
  connection.query_first("SELECT " + case_columns() + " FROM care_case " + rest, values,
                         [&](const storage::Row& row) { found = read_case(row); });
  return found;
}

std::vector<std::string> texts_of_json(const Json& json) {
  std::vector<std::string> texts;
  for (const Json& text : json.items()) texts.push_back(text.as_string());
  return texts;
}

}  // namespace

Json json_of_texts(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push_back(text);
  return json;
}

std::span<const storage::Migration> case_migrations() {
  return kMigrations;
}

std::string_view status_name(CaseStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

CaseStatus status_of(std::string_view name) {
  const auto found = std::find(kStatuses.begin(), kStatuses.end(), name);
  if (found == kStatuses.end())
    throw Error(ErrorCode::corrupted, "A case has the unknown status \"" + std::string(name) + "\"",
                "care_case.status");
  return static_cast<CaseStatus>(found - kStatuses.begin());
}

std::vector<std::string> CaseRow::organizations() const {
  std::vector<std::string> all{organization};
  if (!asked.empty()) all.push_back(asked);
  return all;
}

std::string case_columns() {
  return "id, patient, patient_json, search, organization, organization_name, asked, status, urgency, "
         "urgency_reason, "
         "modality, draft, reader, reader_display, since, signed_at, version";
}

CaseRow read_case(const storage::Row& row) {
  CaseRow found;
  found.id = row.text(0);
  found.patient = row.text(1);
  found.patient_json = Json::parse(row.text(2));
  found.search = row.text(3);
  found.organization = row.text(4);
  found.organization_name = row.text(5);
  found.asked = row.text(6);
  found.status = status_of(row.text(7));
  found.urgency = static_cast<engine::Urgency>(row.integer(8));
  found.urgency_reason = Json::parse(row.text(9));
  found.modality = row.text(10);
  found.draft = Json::parse(row.text(11));
  found.reader = row.text(12);
  found.reader_display = row.text(13);
  found.since = instant(row.integer(14));
  if (row.integer(15)) found.signed_at = instant(row.integer(15));
  found.version = row.integer(16);
  return found;
}

std::optional<CaseRow> find_case(storage::Connection& connection, const std::string& id) {
  return first_case(connection, "WHERE id = ?", {id});
}

std::optional<CaseRow> find_open_case(storage::Connection& connection, const std::string& patient,
                                      const std::string& organization) {
  return first_case(
      connection, "WHERE patient = ? AND organization = ? AND status <> 'signed' ORDER BY since DESC LIMIT 1",
      {patient, organization});
}

std::vector<CaseRow> cases_of(storage::Connection& connection, const std::string& patient) {
  std::vector<CaseRow> cases;
  connection.query("SELECT " + case_columns() + " FROM care_case WHERE patient = ? ORDER BY since DESC",
                   {patient}, [&](const storage::Row& row) { cases.push_back(read_case(row)); });
  return cases;
}

void save_case(storage::Transaction& transaction, CaseRow& row) {
  ++row.version;
  const std::string patient_json = row.patient_json.dump(), reason = row.urgency_reason.dump(),
                    draft = row.draft.dump();
  transaction.execute(
      "INSERT INTO care_case (" + case_columns() +
          ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
          "patient = excluded.patient, patient_json = excluded.patient_json, search = excluded.search, "
          "organization = excluded.organization, organization_name = excluded.organization_name, "
          "asked = excluded.asked, status = excluded.status, urgency = excluded.urgency, "
          "urgency_reason = excluded.urgency_reason, modality = excluded.modality, draft = excluded.draft, "
          "reader = excluded.reader, reader_display = excluded.reader_display, since = excluded.since, "
          "signed_at = excluded.signed_at, version = excluded.version",
      {row.id, row.patient, patient_json, row.search, row.organization, row.organization_name, row.asked,
       status_name(row.status), static_cast<std::int64_t>(row.urgency), reason, row.modality, draft,
       row.reader, row.reader_display, microseconds(row.since),
       row.signed_at ? microseconds(*row.signed_at) : 0, row.version});
}

void rename_patient(storage::Transaction& transaction, const std::string& patient, const Json& patient_json,
                    const std::string& search) {
  const std::string json = patient_json.dump();
  transaction.execute(
      "UPDATE care_case SET patient_json = ?, search = ?, version = version + 1 WHERE patient = ?",
      {json, search, patient});
}

void save_recording(storage::Transaction& transaction, const RecordingRow& row) {
  const std::string leads = row.leads.dump(), flaws = json_of_texts(row.flaws).dump();
  transaction.execute(
      "INSERT INTO care_recording (instance, study, series, case_id, patient, kind, modality, title, at, "
      "frames, leads, seconds, flaws) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {row.instance, row.study, row.series, row.case_id, row.patient, row.kind, row.modality, row.title,
       microseconds(row.at), std::int64_t{row.frames}, leads, row.seconds, flaws});
}

std::vector<RecordingRow> recordings_of(storage::Connection& connection, const std::string& patient) {
  std::vector<RecordingRow> recordings;
  connection.query(
      "SELECT instance, study, series, case_id, patient, kind, modality, title, at, frames, leads, seconds, "
      "flaws FROM care_recording WHERE patient = ? ORDER BY at, instance",
      {patient}, [&](const storage::Row& row) {
        recordings.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                              std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)),
                              std::string(row.text(6)), std::string(row.text(7)), instant(row.integer(8)),
                              static_cast<int>(row.integer(9)), Json::parse(row.text(10)), row.real(11),
                              texts_of_json(Json::parse(row.text(12)))});
      });
  return recordings;
}

void publish_case(storage::Transaction& transaction, Events& events, const CaseRow& row) {
  transaction.after_commit([&events, id = row.id, organizations = row.organizations()] {
    events.publish({"case", id, organizations});
    events.publish({"worklist", {}, organizations});
  });
}

CaseRow require_case(storage::Connection& connection, const trust::Principal& principal,
                     const std::string& id) {
  auto row = find_case(connection, id);
  if (!row || !trust::may_see(connection, principal, row->patient))
    throw Error(ErrorCode::not_found, "There is no such case, or none that you may see", "Encounter/" + id,
                "Open it from the worklist");
  return std::move(*row);
}

}  // namespace meridian::care
