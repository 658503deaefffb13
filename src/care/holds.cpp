#include "care/holds.h"

#include <array>

#include "base/error.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 8, R"(
  CREATE TABLE care_hold (flag TEXT PRIMARY KEY, patient TEXT NOT NULL, reason TEXT NOT NULL);
  CREATE INDEX care_hold_patient ON care_hold (patient);
)"}}};

bool is_hold(const Json& flag) {
  const Json* code = flag.find("code");
  return flag.text("status") == "active" && code && engine::has_coding(*code, kRetentionSystem, kLegalHold);
}

void project_flag(record::Writer& writer, const record::Version& version) {
  storage::Transaction& transaction = writer.transaction();
  transaction.execute("DELETE FROM care_hold WHERE flag = ?", {version.id});
  if (version.deleted) return;
  const Json flag = Json::parse(version.body);
  if (!is_hold(flag)) return;
  const std::string patient = engine::local_reference(flag.text("subject.reference")),
                    reason = flag.text("code.text", "Legal hold");
  if (!patient.starts_with("Patient/"))
    throw Error(ErrorCode::invalid_value, "A legal hold is of a patient", "Flag.subject",
                "Name the patient by a reference, as Patient/ID");
  transaction.execute("INSERT INTO care_hold VALUES (?, ?, ?)", {version.id, patient, reason});
}

}  // namespace

std::span<const storage::Migration> hold_migrations() {
  return kMigrations;
}

void project_holds(record::Record& record) {
  record.on_write([](record::Writer& writer, const record::Version& version) {
    if (version.type == "Flag") project_flag(writer, version);
  });
}

std::optional<std::string> hold_of(storage::Connection& connection, const std::string& patient) {
  std::optional<std::string> reason;
  connection.query_first("SELECT reason FROM care_hold WHERE patient = ? ORDER BY flag", {patient},
                         [&](const storage::Row& row) { reason = row.text(0); });
  return reason;
}

void require_no_hold(storage::Connection& connection, const std::string& patient) {
  if (const auto reason = hold_of(connection, patient))
    throw Error(ErrorCode::conflict, "The patient's images are held: " + *reason, patient,
                "End the hold first: make its Flag inactive");
}

}  // namespace meridian::care
