#include "care/messages.h"

#include <array>

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 2, R"(
  CREATE TABLE care_message (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    patient_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL);
  CREATE INDEX care_message_recipient ON care_message (recipient, id);
  CREATE TABLE care_message_read (
    message TEXT NOT NULL,
    reader TEXT NOT NULL,
    PRIMARY KEY (message, reader));
)"}}};

constexpr std::string_view kMessageKind = "urn:meridian:message-kind";

Json communication(const CaseRow& row, const trust::Principal& sender, const Message& message,
                   const std::string& id, const std::string& at) {
  Json payload = Json::object();
  engine::set_localized(payload, "contentString", message.text);
  Json json = Json::object({{"resourceType", "Communication"},
                            {"id", id},
                            {"status", "completed"},
                            {"category", Json::array({engine::concept_of(kMessageKind, message.kind)})},
                            {"subject", engine::reference(row.patient)},
                            {"encounter", engine::reference("Encounter/" + row.id)},
                            {"sent", at},
                            {"recipient", Json::array({engine::reference(message.recipient)})},
                            {"payload", Json::array({std::move(payload)})}});
  engine::keep_from_patient(json);
  if (!sender.fhir_user.empty()) json["sender"] = engine::reference(sender.fhir_user, sender.display);
  return json;
}

Json message_row(const storage::Row& row) {
  return Json::object({{"id", row.text(0)},
                       {"case", row.text(1)},
                       {"patient", Json::object({{"name", row.text(2)}})},
                       {"text", Json::parse(row.text(3))},
                       {"kind", row.text(4)},
                       {"at", row.text(5)},
                       {"read", row.integer(6) != 0}});
}

}  // namespace

std::span<const storage::Migration> message_migrations() {
  return kMigrations;
}

void send_message(record::Writer& writer, Events& events, const CaseRow& row, const trust::Principal& sender,
                  const Message& message) {
  const std::string id = new_id(), at = format_instant(now()), text = engine::to_json(message.text).dump();
  writer.update(communication(row, sender, message, id, at));
  const std::string patient_name = row.patient_json.text("name");
  writer.transaction().execute(
      "INSERT INTO care_message (id, case_id, patient_name, recipient, kind, text, at) VALUES (?, ?, ?, ?, "
      "?, ?, ?)",
      {id, row.id, patient_name, message.recipient, message.kind, text, at});
  writer.transaction().after_commit(
      [&events, event = Event{"message", row.id, {message.recipient}}] { events.publish(event); });
}

std::int64_t Messages::unread(const trust::Principal& principal) const {
  std::int64_t number = 0;
  context_.database.read([&](storage::Connection& connection) {
    connection.query_first(
        "SELECT COUNT(*) FROM care_message WHERE recipient = ? AND NOT EXISTS "
        "(SELECT 1 FROM care_message_read r WHERE r.message = care_message.id AND r.reader = ?)",
        {principal.organization, principal.user}, [&](const storage::Row& row) { number = row.integer(0); });
  });
  return number;
}

Json Messages::rows(const trust::Principal& principal, const std::string& kinds) const {
  Json list = Json::array();
  if (principal.organization.empty()) return list;
  context_.database.read([&](storage::Connection& connection) {
    connection.query(
        "SELECT id, case_id, patient_name, text, kind, at, EXISTS "
        "(SELECT 1 FROM care_message_read r WHERE r.message = care_message.id AND r.reader = ?) "
        "FROM care_message WHERE recipient = ? " +
            kinds + " ORDER BY id DESC LIMIT 200",
        {principal.user, principal.organization},
        [&](const storage::Row& row) { list.push_back(message_row(row)); });
  });
  return list;
}

Json Messages::list(const trust::Principal& principal) const {
  return Json::object({{"unread", unread(principal)}, {"rows", rows(principal, "")}});
}

Json Messages::answers(const trust::Principal& principal) const {
  return rows(principal, "AND kind IN ('answered', 'question')");
}

Json Messages::mark_read(const trust::Principal& principal, const std::string& id) const {
  context_.database.write([&](storage::Transaction& transaction) {
    const bool known = transaction.query_first("SELECT 1 FROM care_message WHERE id = ? AND recipient = ?",
                                               {id, principal.organization}, [](const storage::Row&) {});
    if (!known) throw Error(ErrorCode::not_found, "There is no such message to you", "Communication/" + id);
    transaction.execute(
        "INSERT INTO care_message_read (message, reader) VALUES (?, ?) ON CONFLICT DO NOTHING",
        {id, principal.user});
  });
  return list(principal);
}

}  // namespace meridian::care
