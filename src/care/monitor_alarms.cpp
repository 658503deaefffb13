#include "care/monitor_alarms.h"

#include <algorithm>

#include "care/conversion.h"
#include "engine/draft.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

constexpr std::string_view kAlarmCode = "urn:meridian:alarm", kAlarmValue = "urn:meridian:alarm-value",
                           kAlarmAct = "urn:meridian:alarm-act";

}  // namespace

Json issue_of(const MonitorAlarm& alarm, const CaseRow& row, const engine::Card* card) {
  Json code = engine::concept_of(kAlarmCode, alarm.alarm.kind, alarm.alarm.text.en);
  engine::set_localized(code, "text", alarm.alarm.text);
  Json issue =
      Json::object({{"resourceType", "DetectedIssue"},
                    {"id", alarm.id},
                    {"status", "preliminary"},
                    {"code", std::move(code)},
                    {"severity", alarm.alarm.urgency == engine::Urgency::emergency ? "high" : "moderate"},
                    {"patient", engine::reference(row.patient)},
                    {"identifiedDateTime", format_instant(alarm.at)},
                    {"implicated", Json::array({engine::reference("Encounter/" + row.id)})}});
  if (card) issue["author"] = engine::reference("Device/" + engine::device_id(*card), card->title.en);
  engine::add_extension(issue, kAlarmValue, "valueDecimal", alarm.alarm.value);
  engine::keep_from_patient(issue);
  return issue;
}

bool is_alarm_of(const Json& issue, const std::string& case_id) {
  const Json* implicated = issue.find("implicated");
  const Json* code = issue.find("code");
  if (!implicated || !code || code->text("coding.system") != kAlarmCode) return false;
  const Json::Array& items = implicated->items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Json& one) { return one.text("reference") == "Encounter/" + case_id; });
}

Json alarm_json(const Json& issue, const std::set<std::string>& strips) {
  const std::string strip = strip_instance_uid(issue.text("id"));
  const Json* value = engine::extension_value(issue, kAlarmValue, "valueDecimal");
  return Json::object({{"id", issue.text("id")},
                       {"kind", issue.text("code.coding.code")},
                       {"urgency", issue.text("severity") == "high" ? "emergency" : "today"},
                       {"text", engine::to_json(engine::localized(*issue.find("code"), "text"))},
                       {"value", value ? *value : Json()},
                       {"at", issue.text("identifiedDateTime")},
                       {"acknowledgedBy", engine::text_or_null(acknowledged_by(issue))},
                       {"acknowledgedAt", engine::text_or_null(issue.text("mitigation.date"))},
                       {"strip", strips.contains(strip) ? Json(strip) : Json()}});
}

bool is_acknowledged(const Json& issue) {
  return issue.find("mitigation") != nullptr;
}

std::string acknowledged_by(const Json& issue) {
  return issue.text("mitigation.author.display");
}

void acknowledge(Json& issue, const trust::Principal& principal) {
  issue["mitigation"] =
      Json::array({Json::object({{"action", engine::concept_of(kAlarmAct, "acknowledged", "Acknowledged")},
                                 {"date", format_instant(now())},
                                 {"author", engine::reference(principal.fhir_user, principal.display)}})});
}

trust::LedgerEntry monitor_entry(const CaseRow& row, const char* action, const char* kind,
                                 const std::string& entity) {
  trust::LedgerEntry entry;
  entry.action = action;
  entry.kind = kind;
  entry.patient = row.patient;
  entry.entity = entity;
  entry.detail = Json::object({{"case", row.id}});
  return entry;
}

}  // namespace meridian::care
