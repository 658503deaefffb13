#include "care/monitoring.h"

#include <algorithm>

#include "base/error.h"
#include "care/case_table.h"
#include "care/messages.h"
#include "engine/consent.h"
#include "engine/draft.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::size_t kMostAtOnce = 32, kMostLeads = 16, kLongestName = 64;
constexpr double kHighestFrequency = 2000;  // Hz
constexpr const char* kAssistant = "ecg";
constexpr std::string_view kAlarmCode = "urn:meridian:alarm", kAlarmValue = "urn:meridian:alarm-value",
                           kAlarmAct = "urn:meridian:alarm-act";

void require_setup(const MonitorSetup& setup) {
  const auto named = [](const std::string& text) { return !text.empty() && text.size() <= kLongestName; };
  if (!named(setup.name) || setup.leads.empty() || setup.leads.size() > kMostLeads ||
      !std::all_of(setup.leads.begin(), setup.leads.end(), named) ||
      !(setup.sampling_frequency <= kHighestFrequency))
    throw Error(ErrorCode::invalid_value,
                "A monitor has a name, 1 to 16 leads with names, and at most 2000 samples a second",
                "monitor", "Say them before the first samples, as docs/console-api.md describes");
}

// What an assistant says unsigned is for clinicians.
void require_clinician(const trust::Principal& principal, const std::string& case_id) {
  if (!trust::role_may(principal.role, trust::Act::sign, "DetectedIssue"))
    throw Error(ErrorCode::forbidden, "Monitors and their alarms are for clinicians", "Encounter/" + case_id);
}

const engine::SignalFollower& follower_of(const Context& context) {
  const engine::Assistant& assistant = context.registry.get(kAssistant);
  if (const auto state = context.registry.state(kAssistant); !state.on)
    throw Error(ErrorCode::unavailable, "The assistant is switched off: " + state.reason.en, kAssistant);
  if (const auto why = context.registry.unavailable(kAssistant))
    throw Error(ErrorCode::unavailable, why->en, kAssistant);
  const auto* follower = dynamic_cast<const engine::SignalFollower*>(&assistant);
  if (!follower) throw Error(ErrorCode::not_supported, "This assistant follows no signal", kAssistant);
  return *follower;
}

Json issue_of(const MonitorAlarm& alarm, const CaseRow& row, const engine::Card& card) {
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
                    {"author", engine::reference("Device/" + engine::device_id(card), card.title.en)},
                    {"implicated", Json::array({engine::reference("Encounter/" + row.id)})}});
  engine::add_extension(issue, kAlarmValue, "valueDecimal", alarm.alarm.value);
  engine::keep_from_patient(issue);
  return issue;
}

void raise_case(CaseRow& row, const engine::StreamAlarm& alarm) {
  if (alarm.urgency <= row.urgency) return;
  row.urgency = alarm.urgency;
  row.urgency_reason = engine::to_json(alarm.text);
}

trust::LedgerEntry entry_of(const CaseRow& row, const char* action, const char* kind,
                            const std::string& entity) {
  trust::LedgerEntry entry;
  entry.action = action;
  entry.kind = kind;
  entry.patient = row.patient;
  entry.entity = entity;
  entry.detail = Json::object({{"case", row.id}});
  return entry;
}

bool is_alarm_of(const Json& issue, const std::string& case_id) {
  const Json* implicated = issue.find("implicated");
  const Json* code = issue.find("code");
  if (!implicated || !code || code->text("coding.system") != kAlarmCode) return false;
  const Json::Array& items = implicated->items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Json& one) { return one.text("reference") == "Encounter/" + case_id; });
}

Json alarm_json(const Json& issue) {
  const Json* value = engine::extension_value(issue, kAlarmValue, "valueDecimal");
  return Json::object({{"id", issue.text("id")},
                       {"kind", issue.text("code.coding.code")},
                       {"urgency", issue.text("severity") == "high" ? "emergency" : "today"},
                       {"text", engine::to_json(engine::localized(*issue.find("code"), "text"))},
                       {"value", value ? *value : Json()},
                       {"at", issue.text("identifiedDateTime")},
                       {"acknowledgedBy", engine::text_or_null(issue.text("mitigation.author.display"))},
                       {"acknowledgedAt", engine::text_or_null(issue.text("mitigation.date"))}});
}

}  // namespace

std::shared_ptr<Monitor> Monitoring::running(const std::string& case_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& monitor) {
    return monitor->case_id() == case_id && !monitor->ended();
  });
  return found == running_.end() ? nullptr : *found;
}

std::shared_ptr<Monitor> Monitoring::begin(const trust::Principal& principal, const std::string& case_id,
                                           MonitorSetup setup) {
  require_setup(setup);
  const std::string patient = intake_.require_case_to_add_to({principal, "monitor", {}, case_id});
  engine::require_consent(context_.record, context_.registry.get(kAssistant).card(), patient);
  const std::string name = setup.name;
  auto stream = follower_of(context_).follow(setup.leads, setup.sampling_frequency);
  auto monitor = std::make_shared<Monitor>(std::move(setup), case_id, std::move(stream));
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(running_, [](const auto& one) { return one->ended(); });
    for (const auto& other : running_)
      if (other->case_id() == case_id)
        throw Error(ErrorCode::conflict, "This case is being monitored already, by " + other->setup().name,
                    "Encounter/" + case_id, "End that first");
    if (running_.size() >= kMostAtOnce)
      throw Error(ErrorCode::busy, "This node monitors as many patients as it can", {}, "End another first");
    running_.push_back(monitor);
  }
  CaseRow row;
  row.id = case_id;
  row.patient = patient;
  trust::LedgerEntry entry = entry_of(row, "E", "monitor.begin", name);
  entry.detail["assistant"] = kAssistant;
  context_.ledger.append_soon(principal, std::move(entry));
  context_.events.publish({"case", case_id, {principal.organization}});
  return monitor;
}

MonitorAlarm Monitoring::file(const Monitor& monitor, const engine::StreamAlarm& alarm) const {
  const engine::Card& card = context_.registry.get(kAssistant).card();
  const trust::Principal assistant = engine::principal_of(card);
  MonitorAlarm filed{new_id(), alarm, now(), {}};
  context_.record.write(assistant, [&](record::Writer& writer) {
    auto row = find_case(writer.transaction(), monitor.case_id());
    if (!row) throw Error(ErrorCode::not_found, "The monitored case is gone", monitor.case_id());
    engine::make_device(writer, card);
    writer.update(issue_of(filed, *row, card));
    writer.audit(entry_of(*row, "C", "monitor.alarm", "DetectedIssue/" + filed.id));
    raise_case(*row, alarm);
    save_case(writer.transaction(), *row);
    for (const std::string& organization : row->organizations())
      send_message(writer, context_.events, *row, assistant, {"draft", organization, alarm.text});
    publish_case(writer.transaction(), context_.events, *row);
  });
  return filed;
}

void Monitoring::add(Monitor& monitor, const std::vector<std::vector<float>>& samples) const {
  for (const engine::StreamAlarm& alarm : monitor.add(samples)) monitor.show(file(monitor, alarm));
}

void Monitoring::end(const std::shared_ptr<Monitor>& monitor, bool lost) {
  monitor->end(lost);
  const std::lock_guard lock(mutex_);
  std::erase(running_, monitor);
}

std::shared_ptr<Monitor> Monitoring::find(const trust::Principal& principal,
                                          const std::string& case_id) const {
  require_clinician(principal, case_id);
  context_.database.read(
      [&](storage::Connection& connection) { return require_case(connection, principal, case_id); });
  if (auto monitor = running(case_id)) return monitor;
  throw Error(ErrorCode::not_found, "This case is not being monitored", "Encounter/" + case_id);
}

Json Monitoring::alarms(const trust::Principal& principal, const std::string& case_id) const {
  require_clinician(principal, case_id);
  const CaseRow row = context_.database.read(
      [&](storage::Connection& connection) { return require_case(connection, principal, case_id); });
  std::vector<Json> found;
  for (const Json& issue :
       context_.record.find(trust::Principal::system(), "DetectedIssue", {{"patient", row.patient}}))
    if (is_alarm_of(issue, case_id)) found.push_back(alarm_json(issue));
  std::ranges::sort(found, std::greater(), [](const Json& alarm) { return alarm.text("at"); });
  Json list = Json::array();
  for (Json& alarm : found) list.push_back(std::move(alarm));
  const auto monitor = running(case_id);
  return Json::object(
      {{"monitor", monitor ? Json(monitor->setup().name) : Json()}, {"alarms", std::move(list)}});
}

void Monitoring::acknowledge(const trust::Principal& principal, const std::string& case_id,
                             const std::string& alarm_id) const {
  require_clinician(principal, case_id);
  std::string by = principal.display;
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, case_id);
    Json issue = Json::parse(writer.read("DetectedIssue", alarm_id).body);
    if (!is_alarm_of(issue, case_id))
      throw Error(ErrorCode::not_found, "There is no such alarm of this case", "DetectedIssue/" + alarm_id);
    if (issue.find("mitigation")) {
      by = issue.text("mitigation.author.display");
      return;
    }
    issue["mitigation"] =
        Json::array({Json::object({{"action", engine::concept_of(kAlarmAct, "acknowledged", "Acknowledged")},
                                   {"date", format_instant(now())},
                                   {"author", engine::reference(principal.fhir_user, principal.display)}})});
    writer.update(issue);
    writer.audit(entry_of(row, "U", "monitor.acknowledge", "DetectedIssue/" + alarm_id));
    publish_case(writer.transaction(), context_.events, row);
  });
  if (const auto monitor = running(case_id)) monitor->show_acknowledged(alarm_id, by);
}

}  // namespace meridian::care
