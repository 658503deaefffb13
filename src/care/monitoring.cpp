#include "care/monitoring.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "care/case_table.h"
#include "care/monitor_alarms.h"
#include "engine/consent.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::size_t kMostAtOnce = 32, kMostLeads = 16, kLongestName = 64;
constexpr double kHighestFrequency = 2000;  // Hz
constexpr const char* kAssistant = "ecg";

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

}  // namespace

std::shared_ptr<Monitor> Monitoring::running(const std::string& case_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& monitor) {
    return monitor->case_id() == case_id && !monitor->ended();
  });
  return found == running_.end() ? nullptr : *found;
}

// The monitor whose place it takes, or nothing.
std::shared_ptr<Monitor> Monitoring::seat_of(const Monitor& monitor) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Monitor> before;
  std::size_t taken = 0;
  for (const auto& other : running_) {
    if (other->ended()) continue;
    ++taken;
    if (other->case_id() != monitor.case_id()) continue;
    if (other->sender().user != monitor.sender().user || other->setup().name != monitor.setup().name)
      throw Error(ErrorCode::conflict, "This case is being monitored already, by " + other->setup().name,
                  "Encounter/" + monitor.case_id(), "End that first");
    before = other;
  }
  if (taken >= kMostAtOnce && !before)
    throw Error(ErrorCode::busy, "This node monitors as many patients as it can", {}, "End another first");
  return before;
}

void Monitoring::take_seat(const std::shared_ptr<Monitor>& monitor, const std::shared_ptr<Monitor>& before) {
  const std::lock_guard lock(mutex_);
  running_.push_back(monitor);
  if (!before) return;
  before->hand_over(*monitor);
  std::erase(running_, before);
}

std::shared_ptr<Monitor> Monitoring::begin(const trust::Principal& principal, const std::string& case_id,
                                           MonitorSetup setup) {
  require_setup(setup);
  const std::string patient = intake_.require_case_to_add_to({principal, "monitor", {}, case_id});
  engine::require_consent(context_.record, context_.registry.get(kAssistant).card(), patient);
  auto stream = follower_of(context_).follow(setup.leads, setup.sampling_frequency);
  auto monitor = std::make_shared<Monitor>(std::move(setup), case_id, principal, std::move(stream),
                                           context_.queue.time());
  CaseRow row;
  row.id = case_id;
  row.patient = patient;
  trust::LedgerEntry entry = monitor_entry(row, "E", "monitor.begin", monitor->setup().name);
  entry.detail["assistant"] = kAssistant;
  {
    // One at a time: of two lines that come at once, the second finds the first, and takes its place.
    const std::lock_guard lock(beginning_);
    const auto before = seat_of(*monitor);
    context_.database.write([&](storage::Transaction& transaction) {
      note_running(transaction, {case_id, monitor->line(), monitor->setup().name}, context_.queue.time());
      context_.ledger.append(transaction, principal, entry);
    });
    take_seat(monitor, before);
  }
  context_.events.publish({"case", case_id, {principal.organization}});
  return monitor;
}

// An alarm that cannot be written is seen all the same.
void Monitoring::file_what_came(Monitor& monitor) {
  for (const MonitorAlarm& alarm : monitor.take_alarms()) {
    filing_.file({monitor.case_id(), alarm});
    monitor.show(alarm);
  }
  for (MonitorStrip& strip : monitor.take_strips())
    filing_.file({monitor.case_id(), strip.alarm, std::move(strip.recording), monitor.sender()});
}

std::size_t Monitoring::add(Monitor& monitor, std::vector<std::vector<float>> samples) {
  const std::size_t impossible = monitor.add(std::move(samples), context_.queue.time());
  file_what_came(monitor);
  return impossible;
}

std::optional<Error> Monitoring::look_after(Monitor& monitor) {
  if (monitor.ended())
    return Error(ErrorCode::conflict, "This monitor has come again on another line, which goes on",
                 "Encounter/" + monitor.case_id());
  if (monitor.falls_silent(context_.queue.time()))
    monitor.raise(alarm_of_line("silent", {"The monitor sends nothing: see to the patient",
                                           "监护仪没有发送信号：请查看患者"}),
                  context_.queue.time());
  file_what_came(monitor);
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
  leave(monitor, lost);
}

void Monitoring::stop(const std::shared_ptr<Monitor>& monitor, const Error& why) {
  // A case that is signed is over: a person has said so.
  const bool meant = why.code() == ErrorCode::conflict;
  if (!meant && !monitor->ended())
    monitor->raise(alarm_of_line("stopped", why_stopped(why.code())), context_.queue.time());
  leave(monitor, !meant);
}

void Monitoring::leave(const std::shared_ptr<Monitor>& monitor, bool lost) {
  file_what_came(*monitor);
  monitor->end(lost);
  file_what_came(*monitor);  // strips that were cut short
  {
    const std::lock_guard lock(mutex_);
    std::erase(running_, monitor);
  }
  filing_.forget({monitor->case_id(), monitor->line(), monitor->setup().name});
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
                             const std::string& alarm_id) {
  require_clinician(principal, case_id);
  std::string by = principal.display;
  filing_.file_now(alarm_id);  // an alarm may be shown before it is written
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_case(writer.transaction(), principal, case_id);
    Json issue = Json::parse(writer.read("DetectedIssue", alarm_id).body);
    if (!is_alarm_of(issue, case_id))
      throw Error(ErrorCode::not_found, "There is no such alarm of this case", "DetectedIssue/" + alarm_id);
    if (is_acknowledged(issue)) {
      by = acknowledged_by(issue);
      return;
    }
    care::acknowledge(issue, principal);
    writer.update(issue);
    writer.audit(monitor_entry(row, "U", "monitor.acknowledge", "DetectedIssue/" + alarm_id));
    publish_case(writer.transaction(), context_.events, row);
  });
  if (const auto monitor = running(case_id)) monitor->show_acknowledged(alarm_id, by);
}

void Monitoring::start() {
  filing_.start();
}

void Monitoring::stop() {
  filing_.stop();
}

void Monitoring::run_due() {
  filing_.run_due();
}

}  // namespace meridian::care
