#include "care/consultation.h"

#include <algorithm>

#include "base/error.h"
#include "base/time.h"
#include "care/case_page.h"
#include "care/cases.h"
#include "care/messages.h"
#include "care/people.h"
#include "engine/consent.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

std::string request_id(const CaseRow& row) {
  return stable_id({"service-request", row.id, row.asked});
}

std::string priority_code(const std::string& priority) {
  return priority.empty() ? "routine" : priority;
}

Json service_request(const CaseRow& row, const trust::Principal& principal,
                     const Consultations::Question& question, const std::string& organization_name,
                     const std::string& at) {
  Json json =
      Json::object({{"resourceType", "ServiceRequest"},
                    {"id", request_id(row)},
                    {"status", "active"},
                    {"intent", "order"},
                    {"priority", priority_code(question.priority)},
                    {"code", engine::concept_of(engine::kTaskKind, "consultation", "Opinion on a case")},
                    {"subject", engine::reference(row.patient)},
                    {"encounter", engine::reference("Encounter/" + row.id)},
                    {"authoredOn", at},
                    {"requester", engine::reference(principal.fhir_user, principal.display)},
                    {"performer", Json::array({engine::reference(row.asked, organization_name)})}});
  if (!question.question.empty())
    json["reasonCode"] = Json::array({Json::object({{"text", question.question}})});
  return json;
}

Json consultation_task(const CaseRow& row, const trust::Principal& principal,
                       const Consultations::Question& question, const std::string& organization_name,
                       const std::string& at) {
  return Json::object({{"resourceType", "Task"},
                       {"id", consultation_task_id(row)},
                       {"basedOn", Json::array({engine::reference("ServiceRequest/" + request_id(row))})},
                       {"status", "requested"},
                       {"intent", "order"},
                       {"priority", priority_code(question.priority)},
                       {"code", engine::concept_of(engine::kTaskKind, "consultation", "Opinion on a case")},
                       {"focus", engine::reference("ServiceRequest/" + request_id(row))},
                       {"for", engine::reference(row.patient)},
                       {"encounter", engine::reference("Encounter/" + row.id)},
                       {"authoredOn", at},
                       {"lastModified", at},
                       {"requester", engine::reference(principal.fhir_user, principal.display)},
                       {"owner", engine::reference(row.asked, organization_name)}});
}

void require_asker(const trust::Principal& principal, const CaseRow& row) {
  if (!trust::role_may(principal.role, trust::Act::request_opinion, "ServiceRequest"))
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " does not ask for opinions",
                "Encounter/" + row.id);
  if (principal.organization != row.organization)
    throw Error(ErrorCode::forbidden,
                "Only " + row.organization_name + ", which has this case, asks for opinions on it",
                "Encounter/" + row.id);
  if (row.status == CaseStatus::signed_off)
    throw Error(ErrorCode::conflict, "This case is already signed", "Encounter/" + row.id, "Open a new case");
  if (!row.asked.empty() && row.status != CaseStatus::answered)
    throw Error(ErrorCode::conflict, "An opinion has already been asked for", "Encounter/" + row.id,
                "Wait for the answer, or write to those who were asked");
}

std::string organization_reference(record::Record& record, const CaseRow& row,
                                   const std::string& organization) {
  std::string reference =
      organization.find('/') == std::string::npos ? "Organization/" + organization : organization;
  if (!reference.starts_with("Organization/") || reference.size() < 14 || reference == row.organization)
    throw Error(ErrorCode::invalid_value, "An opinion is asked of another organization", "organization",
                "GET /care/organizations lists them");
  record.read(trust::Principal::system(), "Organization", id_of(reference));
  return reference;
}

bool withholds(const std::vector<Json>& consents, const std::string& organization) {
  return engine::consent_of(consents, {{organization}, engine::kDisclose}, now()) ==
         engine::ConsentState::withheld;
}

void require_consent(record::Record& record, const CaseRow& row, const std::string& organization,
                     const std::string& name) {
  if (withholds(engine::consents_of(record, row.patient), organization))
    throw Error(ErrorCode::consent_withheld, "The patient does not agree that " + name + " sees their record",
                "organization", "Talk with the patient; when they agree, record their consent");
}

// The patient's consents once this version of one of them is kept.
std::vector<Json> consents_with(record::Record& record, const std::string& patient, const Json& written) {
  std::vector<Json> consents = engine::consents_of(record, patient);
  std::erase_if(consents, [&](const Json& one) { return one.text("id") == written.text("id"); });
  if (engine::local_reference(written.text("patient.reference")) == patient) consents.push_back(written);
  return consents;
}

trust::LedgerEntry entry_of(const CaseRow& row, const std::string& kind) {
  trust::LedgerEntry entry;
  entry.action = "U";
  entry.kind = kind;
  entry.patient = row.patient;
  entry.entity = "Encounter/" + row.id;
  entry.detail = Json::object({{"asked", row.asked}});
  return entry;
}

void bring_back(record::Writer& writer, Events& events, CaseRow row) {
  if (auto task = open_consultation(writer, row)) {
    (*task)["status"] = "cancelled";
    (*task)["statusReason"] = Json::object({{"text", "The patient has withdrawn their consent"}});
    (*task)["lastModified"] = format_instant(now());
    writer.update(*task);
  }
  trust::LedgerEntry entry = entry_of(row, "case.withdraw");
  row.asked.clear();
  row.status = CaseStatus::waiting;
  row.reader.clear();
  row.reader_display.clear();
  save_case(writer.transaction(), row);
  writer.audit(std::move(entry));
  send_message(
      writer, events, row, trust::Principal::system(),
      {"question",
       row.organization,
       {"The patient does not agree that those who were asked see their record. The case is back here.",
        "患者不同意受邀会诊方查看其病历，病例已退回。"}});
  publish_case(writer.transaction(), events, row);
}

void end_consultation(record::Writer& writer, Events& events, const std::string& patient,
                      const std::string& organization) {
  for (CaseRow& row : cases_of(writer.transaction(), patient))
    if (row.asked == organization && row.status != CaseStatus::signed_off)
      bring_back(writer, events, std::move(row));
  trust::withdraw_access(writer.transaction(), patient, organization, "consultation");
}

}  // namespace

void end_consultations_without_consent(record::Record& record, Events& events) {
  record.on_write([&](record::Writer& writer, const record::Version& version) {
    if (version.type != "Consent") return;
    for (const std::string& patient : engine::patients_of_consent(record, version)) {
      const auto asked = trust::organizations_granted(writer.transaction(), patient, "consultation");
      if (asked.empty()) continue;
      const std::vector<Json> consents =
          consents_with(record, patient, engine::consent_after(record, version));
      for (const std::string& organization : asked)
        if (withholds(consents, organization)) end_consultation(writer, events, patient, organization);
    }
  });
}

Json Consultations::ask(const trust::Principal& principal, const std::string& case_id,
                        const Question& question) const {
  const engine::Urgency urgency = urgency_of_priority(question.priority);
  const CaseRow seen = context_.database.read(
      [&](storage::Connection& connection) { return require_case(connection, principal, case_id); });
  const std::string asked = organization_reference(context_.record, seen, question.organization);
  const std::string name = name_of_organization(context_.record, asked).en;
  require_consent(context_.record, seen, asked, name);
  const engine::LocalizedText asker = name_of_organization(context_.record, seen.organization);
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, case_id);
    require_asker(principal, row);
    row.asked = asked;
    row.status = CaseStatus::asked;
    row.reader.clear();
    row.reader_display.clear();
    if (urgency > row.urgency) {
      row.urgency = urgency;
      row.urgency_reason =
          engine::to_json(engine::LocalizedText{"Asked for as " + question.priority, "会诊请求为紧急"});
    }
    const std::string at = format_instant(now());
    writer.update(service_request(row, principal, question, name, at));
    writer.update(consultation_task(row, principal, question, name, at));
    trust::grant_access(writer.transaction(), row.patient, asked, "consultation");
    save_case(writer.transaction(), row);
    writer.audit(entry_of(row, "case.ask"));
    send_message(writer, context_.events, row, principal,
                 {"asked",
                  asked,
                  {asker.en + " asks: " + question.question, asker.zh + "请求会诊：" + question.question}});
    publish_case(writer.transaction(), context_.events, row);
  });
  // A refusal that was written since the look at consents found nobody to take sight from.
  if (withholds(engine::consents_of(context_.record, seen.patient), asked)) {
    context_.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      end_consultation(writer, context_.events, seen.patient, asked);
    });
    require_consent(context_.record, seen, asked, name);
  }
  return case_answer(context_, principal, case_id);
}

Json Consultations::return_with_question(const trust::Principal& principal, const std::string& case_id,
                                         const std::string& text) const {
  if (text.empty())
    throw Error(ErrorCode::invalid_value, "A question has a text", "text", "Write what you need to know");
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, case_id);
    if (row.asked != principal.organization || row.asked.empty() || row.status == CaseStatus::signed_off)
      throw Error(ErrorCode::conflict, "Nobody has asked your organization about this case",
                  "Encounter/" + row.id);
    if (!row.reader.empty() && row.reader != principal.user)
      throw Error(ErrorCode::conflict, row.reader_display + " is reading this case", "Encounter/" + row.id);
    row.status = CaseStatus::answered;
    row.reader.clear();
    row.reader_display.clear();
    save_case(writer.transaction(), row);
    if (auto task = open_consultation(writer, row)) {
      (*task)["status"] = "on-hold";
      (*task)["statusReason"] = Json::object({{"text", text}});
      (*task)["lastModified"] = format_instant(now());
      writer.update(*task);
    }
    writer.audit(entry_of(row, "case.question"));
    send_message(writer, context_.events, row, principal, {"question", row.organization, {text, text}});
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, case_id);
}

void complete_consultation(record::Writer& writer, const CaseRow& row, const std::string& report) {
  auto task = open_consultation(writer, row);
  if (!task) return;
  (*task)["status"] = "completed";
  (*task)["lastModified"] = format_instant(now());
  (*task)["output"] = Json::array(
      {Json::object({{"type", engine::concept_of(engine::kReportKind, "clinical-report", "Signed report")},
                     {"valueReference", engine::reference(report)}})});
  writer.update(*task);
  auto request = engine::read_if_any(writer, "ServiceRequest/" + request_id(row));
  if (!request) return;
  (*request)["status"] = "completed";
  writer.update(*request);
}

}  // namespace meridian::care
