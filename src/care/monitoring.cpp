#include "care/monitoring.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "care/case_table.h"
#include "care/conversion.h"
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

// Why the assistant does not follow signals now.
std::optional<Error> why_off(const Context& context) {
  if (const auto state = context.registry.state(kAssistant); !state.on)
    return Error(ErrorCode::unavailable, "The assistant is switched off: " + state.reason.en, kAssistant);
  if (const auto why = context.registry.unavailable(kAssistant))
    return Error(ErrorCode::unavailable, why->en, kAssistant);
  return std::nullopt;
}

const engine::SignalFollower& follower_of(const Context& context) {
  const engine::Assistant& assistant = context.registry.get(kAssistant);
  if (const auto why = why_off(context)) throw Error(*why);
  const auto* follower = dynamic_cast<const engine::SignalFollower*>(&assistant);
  if (!follower) throw Error(ErrorCode::not_supported, "This assistant follows no signal", kAssistant);
  return *follower;
}

engine::LocalizedText why_stopped(ErrorCode code) {
  if (code == ErrorCode::unavailable)
    return {"Monitoring was stopped, for the assistant is off: see to the patient",
            "辅助程序已停用，监护已停止：请查看患者"};
  if (code == ErrorCode::consent_withheld)
    return {"Monitoring was stopped, for the patient does not agree to it: see to the patient",
            "患者不同意，监护已停止：请查看患者"};
  return {"Monitoring was stopped, for its sender may not send any more: see to the patient",
          "发送方已无权限，监护已停止：请查看患者"};
}

// Of the line: what the heart does meanwhile, nobody knows.
engine::StreamAlarm alarm_of_line(const char* kind, const engine::LocalizedText& text) {
  return {kind, text, engine::Urgency::today, 0, 0};
}

// card: of the assistant that says it; none: the node does.
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

// strips: of the case, by instance.
Json alarm_json(const Json& issue, const std::set<std::string>& strips) {
  const std::string strip = strip_instance_uid(issue.text("id"));
  const Json* value = engine::extension_value(issue, kAlarmValue, "valueDecimal");
  return Json::object({{"id", issue.text("id")},
                       {"kind", issue.text("code.coding.code")},
                       {"urgency", issue.text("severity") == "high" ? "emergency" : "today"},
                       {"text", engine::to_json(engine::localized(*issue.find("code"), "text"))},
                       {"value", value ? *value : Json()},
                       {"at", issue.text("identifiedDateTime")},
                       {"acknowledgedBy", engine::text_or_null(issue.text("mitigation.author.display"))},
                       {"acknowledgedAt", engine::text_or_null(issue.text("mitigation.date"))},
                       {"strip", strips.contains(strip) ? Json(strip) : Json()}});
}

}  // namespace

std::shared_ptr<Monitor> Monitoring::running(const std::string& case_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& monitor) {
    return monitor->case_id() == case_id && !monitor->ended();
  });
  return found == running_.end() ? nullptr : *found;
}

// Gives the monitor whose place it takes, or nothing.
std::shared_ptr<Monitor> Monitoring::take_seat(const std::shared_ptr<Monitor>& monitor) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Monitor> before;
  std::size_t taken = 0;
  for (const auto& other : running_) {
    if (other->ended()) continue;
    ++taken;
    if (other->case_id() != monitor->case_id()) continue;
    if (other->sender().user != monitor->sender().user || other->setup().name != monitor->setup().name)
      throw Error(ErrorCode::conflict, "This case is being monitored already, by " + other->setup().name,
                  "Encounter/" + monitor->case_id(), "End that first");
    before = other;
  }
  if (taken >= kMostAtOnce && !before)
    throw Error(ErrorCode::busy, "This node monitors as many patients as it can", {}, "End another first");
  running_.insert(running_.begin(), monitor);
  return before;
}

void Monitoring::leave(const std::shared_ptr<Monitor>& monitor) {
  const std::lock_guard lock(mutex_);
  if (!monitor->ended() || !monitor->has_unfiled()) std::erase(running_, monitor);
}

std::shared_ptr<Monitor> Monitoring::begin(const trust::Principal& principal, const std::string& case_id,
                                           MonitorSetup setup) {
  require_setup(setup);
  const std::string patient = intake_.require_case_to_add_to({principal, "monitor", {}, case_id});
  engine::require_consent(context_.record, context_.registry.get(kAssistant).card(), patient);
  auto stream = follower_of(context_).follow(setup.leads, setup.sampling_frequency);
  auto monitor = std::make_shared<Monitor>(std::move(setup), case_id, principal, std::move(stream),
                                           context_.queue.time());
  const auto before = take_seat(monitor);
  CaseRow row;
  row.id = case_id;
  row.patient = patient;
  trust::LedgerEntry entry = entry_of(row, "E", "monitor.begin", monitor->setup().name);
  entry.detail["assistant"] = kAssistant;
  try {
    context_.ledger.append_soon(principal, std::move(entry));
  } catch (...) {
    leave(monitor);
    throw;
  }
  if (before) {
    before->hand_over(*monitor);
    leave(before);
  }
  context_.events.publish({"case", case_id, {principal.organization}});
  return monitor;
}

void Monitoring::file(const Monitor& monitor, const MonitorAlarm& alarm) const {
  const engine::Card& card = context_.registry.get(kAssistant).card();
  const trust::Principal author =
      alarm.by_assistant ? engine::principal_of(card) : trust::Principal::system();
  context_.record.write(author, [&](record::Writer& writer) {
    auto row = find_case(writer.transaction(), monitor.case_id());
    if (!row) throw Error(ErrorCode::not_found, "The monitored case is gone", monitor.case_id());
    if (alarm.by_assistant) engine::make_device(writer, card);
    writer.update(issue_of(alarm, *row, alarm.by_assistant ? &card : nullptr));
    writer.audit(entry_of(*row, "C", "monitor.alarm", "DetectedIssue/" + alarm.id));
    raise_case(*row, alarm.alarm);
    save_case(writer.transaction(), *row);
    for (const std::string& organization : row->organizations())
      send_message(writer, context_.events, *row, author, {"draft", organization, alarm.alarm.text});
    publish_case(writer.transaction(), context_.events, *row);
  });
}

// An alarm that cannot be written is seen all the same, and written with the next ones or by look_after.
void Monitoring::file_alarms(Monitor& monitor) const {
  std::vector<MonitorAlarm> owed;
  for (MonitorAlarm& alarm : monitor.take_unfiled()) {
    try {
      file(monitor, alarm);
    } catch (const std::exception& error) {
      log_error("alarm-not-filed",
                {{"case", monitor.case_id()}, {"alarm", alarm.alarm.kind}, {"error", error.what()}});
      owed.push_back(alarm);
    }
    monitor.show(alarm);
  }
  if (!owed.empty()) monitor.put_back(std::move(owed));
}

// Shorter than a title of DICOM may be (64 characters).
std::string title_of(const engine::LocalizedText& text) {
  return text.zh + " " + text.en.substr(0, 40);
}

void Monitoring::file_strips(Monitor& monitor) const {
  std::vector<MonitorStrip> owed;
  for (MonitorStrip& strip : monitor.take_strips()) {
    try {
      intake_.receive_strip(strip.recording, strip.alarm.id, title_of(strip.alarm.alarm.text),
                            {monitor.sender(), "monitor", monitor.sender().organization, monitor.case_id()});
    } catch (const Error& error) {
      log_error("strip-not-filed", {{"case", monitor.case_id()}, {"error", error.describe()}});
      using enum ErrorCode;
      const bool for_ever =
          error.code() == conflict || error.code() == forbidden || error.code() == not_found;
      if (!for_ever) owed.push_back(std::move(strip));
    } catch (const std::exception& error) {
      log_error("strip-not-filed", {{"case", monitor.case_id()}, {"error", error.what()}});
      owed.push_back(std::move(strip));
    }
  }
  if (!owed.empty()) monitor.put_back(std::move(owed));
}

// Of monitors that have ended.
void Monitoring::file_owed() const {
  std::vector<std::shared_ptr<Monitor>> ended;
  {
    const std::lock_guard lock(mutex_);
    std::ranges::copy_if(running_, std::back_inserter(ended), &Monitor::ended);
  }
  for (const auto& monitor : ended) file_alarms(*monitor);
}

std::size_t Monitoring::add(Monitor& monitor, std::vector<std::vector<float>> samples) const {
  const std::size_t impossible = monitor.add(std::move(samples), context_.queue.time());
  file_alarms(monitor);
  file_strips(monitor);
  return impossible;
}

std::optional<Error> Monitoring::look_after(Monitor& monitor) const {
  if (monitor.ended())
    return Error(ErrorCode::conflict, "This monitor has come again on another line, which goes on",
                 "Encounter/" + monitor.case_id());
  if (monitor.falls_silent(context_.queue.time()))
    monitor.raise(alarm_of_line("silent", {"The monitor sends nothing: see to the patient",
                                           "监护仪没有发送信号：请查看患者"}),
                  context_.queue.time());
  file_alarms(monitor);
  file_owed();
  try {
    if (auto why = why_off(context_)) return why;
    const std::string patient =
        intake_.require_case_to_add_to({monitor.sender(), "monitor", {}, monitor.case_id()});
    engine::require_consent(context_.record, context_.registry.get(kAssistant).card(), patient);
  } catch (const Error& error) {
    using enum ErrorCode;
    if (error.code() == forbidden || error.code() == not_found || error.code() == conflict ||
        error.code() == consent_withheld)
      return error;
    log_error("monitor-not-checked", {{"case", monitor.case_id()}, {"error", error.what()}});
  }
  return std::nullopt;
}

void Monitoring::end(const std::shared_ptr<Monitor>& monitor, bool lost) {
  // Of a sender that had fallen silent, the alarm is there.
  if (lost && !monitor->ended() && !monitor->is_silent())
    monitor->raise(alarm_of_line("line-lost", {"The monitor's line broke: see to the patient",
                                               "监护仪连接中断：请查看患者"}),
                   context_.queue.time());
  file_alarms(*monitor);
  monitor->end(lost);
  file_strips(*monitor);
  leave(monitor);
  context_.events.publish({"case", monitor->case_id(), {monitor->sender().organization}});
}

void Monitoring::stop(const std::shared_ptr<Monitor>& monitor, const Error& why) {
  // A case that is signed is over: a person has said so.
  const bool meant = why.code() == ErrorCode::conflict;
  if (!meant && !monitor->ended())
    monitor->raise(alarm_of_line("stopped", why_stopped(why.code())), context_.queue.time());
  file_alarms(*monitor);
  monitor->end(!meant);
  file_strips(*monitor);
  leave(monitor);
  context_.events.publish({"case", monitor->case_id(), {monitor->sender().organization}});
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
  std::set<std::string> instances;
  const CaseRow row = context_.database.read([&](storage::Connection& connection) {
    CaseRow found = require_case(connection, principal, case_id);
    for (RecordingRow& recording : recordings_of(connection, found.patient))
      instances.insert(std::move(recording.instance));
    return found;
  });
  std::vector<Json> found;
  for (const Json& issue :
       context_.record.find(trust::Principal::system(), "DetectedIssue", {{"patient", row.patient}}))
    if (is_alarm_of(issue, case_id)) found.push_back(alarm_json(issue, instances));
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
  const auto monitor = running(case_id);
  if (monitor) file_alarms(*monitor);  // an alarm may be shown before it is written
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
  if (monitor) monitor->show_acknowledged(alarm_id, by);
}

}  // namespace meridian::care
