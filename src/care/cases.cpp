#include "care/cases.h"

#include "base/error.h"
#include "base/id.h"
#include "care/case_page.h"
#include "care/messages.h"
#include "care/people.h"
#include "care/worklist.h"
#include "engine/case_facts.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::string_view kActPriority = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";

Json act_priority(engine::Urgency urgency) {
  switch (urgency) {
    case engine::Urgency::emergency:
      return engine::concept_of(kActPriority, "S", "stat");
    case engine::Urgency::today:
      return engine::concept_of(kActPriority, "UR", "urgent");
    default:
      return engine::concept_of(kActPriority, "R", "routine");
  }
}

void require_reader(const trust::Principal& principal, const CaseRow& row) {
  if (!trust::role_may(principal.role, trust::Act::sign, "DiagnosticReport"))
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " does not read cases",
                "Encounter/" + row.id);
  if (row.status == CaseStatus::signed_off)
    throw Error(ErrorCode::conflict, "This case is already signed", "Encounter/" + row.id, "Open a new case");
  if (!row.reader.empty() && row.reader != principal.user)
    throw Error(ErrorCode::conflict, row.reader_display + " is reading this case", "Encounter/" + row.id,
                "Ask them to release it");
}

void set_consultation(record::Writer& writer, const CaseRow& row, const std::string& status,
                      const std::string& owner, const std::string& owner_display) {
  auto task = open_consultation(writer, row);
  if (!task) return;
  (*task)["status"] = status;
  (*task)["owner"] = engine::reference(owner, owner_display);
  (*task)["lastModified"] = format_instant(now());
  writer.update(*task);
}

trust::LedgerEntry entry_of(const CaseRow& row, const std::string& kind, const std::string& action) {
  trust::LedgerEntry entry;
  entry.action = action;
  entry.kind = kind;
  entry.patient = row.patient;
  entry.entity = "Encounter/" + row.id;
  return entry;
}

}  // namespace

engine::Urgency urgency_of_priority(const std::string& priority) {
  if (priority == "stat") return engine::Urgency::emergency;
  if (priority == "urgent" || priority == "asap") return engine::Urgency::today;
  if (priority == "routine" || priority.empty()) return engine::Urgency::routine;
  throw Error(ErrorCode::invalid_value, "\"" + priority + "\" is not a priority", "priority",
              "Use routine, urgent, asap or stat");
}

std::string consultation_task_id(const CaseRow& row) {
  return stable_id({"consultation", row.id, row.asked});
}

std::optional<Json> open_consultation(record::Writer& writer, const CaseRow& row) {
  if (row.asked.empty()) return std::nullopt;
  return engine::read_if_any(writer, "Task/" + consultation_task_id(row));
}

CaseRow make_case(record::Writer& writer, const Cases::Opening& opening, const std::string& organization) {
  constexpr std::string_view kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
  const std::string id = new_id();
  Json encounter = Json::object({{"resourceType", "Encounter"},
                                 {"id", id},
                                 {"status", "in-progress"},
                                 {"class", engine::coding(kActCode, "AMB", "ambulatory")},
                                 {"priority", act_priority(urgency_of_priority(opening.priority))},
                                 {"subject", engine::reference(opening.patient)},
                                 {"period", Json::object({{"start", format_instant(now())}})}});
  if (!opening.reason.empty())
    encounter["reasonCode"] = Json::array({Json::object({{"text", opening.reason}})});
  if (!organization.empty()) encounter["serviceProvider"] = engine::reference(organization);
  writer.update(encounter);  // the projection makes the row
  return *find_case(writer.transaction(), id);
}

Json Cases::open(const trust::Principal& principal, const Opening& opening) const {
  if (!trust::role_may(principal.role, trust::Act::write, "Encounter"))
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " does not open cases");
  const std::string id = id_of(opening.patient);
  context_.record.read(principal, "Patient", id);
  std::string made;
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = make_case(writer, opening, principal.organization);
    made = row.id;
    writer.audit(entry_of(row, "case.open", "C"));
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, made);
}

Json Cases::page(const trust::Principal& principal, const std::string& id) const {
  if (principal.role == trust::Role::resident || principal.role == trust::Role::device)
    throw Error(ErrorCode::forbidden,
                "The case page shows drafts that nobody has signed, and is for clinicians", "Encounter/" + id,
                "Signed reports are at /fhir/DiagnosticReport?status=final");
  const CaseRow row = context_.database.read(
      [&](storage::Connection& connection) { return require_case(connection, principal, id); });
  context_.ledger.append_soon(principal, entry_of(row, "case.read", "R"));
  return CasePage(context_, principal, row).json();
}

Json Cases::note_fact(const trust::Principal& principal, const std::string& id, const std::string& fact,
                      const Json& value) const {
  Json observation = engine::observation_of(engine::case_fact(fact), value, now());
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, id);
    if (row.status == CaseStatus::signed_off)
      throw Error(ErrorCode::conflict, "This case is already signed", "Encounter/" + id,
                  "Open a new case for what is known now");
    observation["subject"] = engine::reference(row.patient);
    observation["encounter"] = engine::reference("Encounter/" + id);
    observation["performer"] = Json::array({engine::reference(principal.fhir_user, principal.display)});
    writer.create(observation);
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, id);
}

Json Cases::claim(const trust::Principal& principal, const std::string& id) const {
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, id);
    require_reader(principal, row);
    if (row.reader == principal.user) return;
    row.reader = principal.user;
    row.reader_display = principal.display;
    row.status = CaseStatus::reading;
    save_case(writer.transaction(), row);
    set_consultation(writer, row, "in-progress", principal.fhir_user, principal.display);
    writer.audit(entry_of(row, "case.claim", "U"));
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, id);
}

Json Cases::release(const trust::Principal& principal, const std::string& id) const {
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, id);
    require_reader(principal, row);
    if (row.reader.empty()) return;
    row.reader.clear();
    row.reader_display.clear();
    row.status = row.asked.empty() ? CaseStatus::waiting : CaseStatus::asked;
    save_case(writer.transaction(), row);
    set_consultation(writer, row, "requested", row.asked, {});
    writer.audit(entry_of(row, "case.release", "U"));
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, id);
}

Json Cases::home(const trust::Principal& principal) const {
  return Json::object({{"today", Worklist(context_).rows_since(principal, now() - std::chrono::hours(24))},
                       {"answers", Messages(context_).answers(principal)},
                       {"outbox", Json::object({{"waiting", context_.queue.waiting("message.send")}})}});
}

Json Cases::organizations(const trust::Principal& principal) const {
  Json list = Json::array();
  for (const Json& organization : context_.record.find(trust::Principal::system(), "Organization", {})) {
    const std::string id = organization.text("id");
    list.push_back(Json::object({{"id", id},
                                 {"name", engine::to_json(engine::localized(organization, "name"))},
                                 {"kind", kind_of_organization(organization)},
                                 {"own", "Organization/" + id == principal.organization}}));
  }
  return list;
}

}  // namespace meridian::care
