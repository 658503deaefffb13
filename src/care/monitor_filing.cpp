#include "care/monitor_filing.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <iterator>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "care/messages.h"
#include "care/monitor_alarms.h"
#include "engine/draft.h"
#include "engine/resources.h"
#include "record/store/kept_principal.h"

namespace meridian::care {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAssistant = "ecg";
constexpr const char* kTopic = "monitor.file";
constexpr auto kPace = 1s, kAlivePace = 30s;
constexpr std::chrono::seconds kFirstBackOff = 5s, kLongestBackOff = 60s;  // of what no disk holds
constexpr std::size_t kMostKept = 512;
constexpr int kAttempts = 12;

// Shorter than a title of DICOM may be (64 characters).
std::string title_of(const engine::LocalizedText& text) {
  return text.zh + " " + text.en.substr(0, 40);
}

std::string key_of(const FiledByMonitor& what) {
  return (what.strip ? "strip/" : "alarm/") + what.alarm.id;
}

// Samples as floats of this machine's byte order, which is that of all machines that Meridian runs on.
Json json_of(const signal::Recording& recording) {
  Json leads = Json::array();
  for (const signal::Lead& lead : recording.leads) {
    const std::string_view bytes(reinterpret_cast<const char*>(lead.samples.data()),
                                 lead.samples.size() * sizeof(float));
    leads.push_back(Json::object({{"name", lead.name}, {"samples", to_base64(bytes)}}));
  }
  return Json::object({{"samplingFrequency", recording.sampling_frequency},
                       {"start", recording.start ? Json(format_instant(*recording.start)) : Json()},
                       {"leads", std::move(leads)}});
}

signal::Recording recording_of(const Json& json) {
  signal::Recording recording;
  recording.sampling_frequency = json.get("samplingFrequency").as_double();
  if (const std::string start = json.text("start"); !start.empty()) recording.start = parse_instant(start);
  for (const Json& lead : json.get("leads").items()) {
    const std::string bytes = from_base64(lead.text("samples"));
    std::vector<float> samples(bytes.size() / sizeof(float));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
    recording.leads.push_back({lead.text("name"), std::move(samples)});
  }
  return recording;
}

Json json_of(const FiledByMonitor& what) {
  const engine::StreamAlarm& alarm = what.alarm.alarm;
  Json json = Json::object({{"case", what.case_id},
                            {"id", what.alarm.id},
                            {"kind", alarm.kind},
                            {"urgency", engine::urgency_name(alarm.urgency)},
                            {"text", engine::to_json(alarm.text)},
                            {"sample", alarm.from},
                            {"value", alarm.value},
                            {"at", format_instant(what.alarm.at)},
                            {"byAssistant", what.alarm.by_assistant}});
  if (!what.strip) return json;
  json["strip"] = json_of(*what.strip);
  json["sender"] = record::kept_principal(what.sender);
  return json;
}

FiledByMonitor filed_of(const Json& json) {
  FiledByMonitor what;
  what.case_id = json.text("case");
  what.alarm.id = json.text("id");
  what.alarm.alarm = {json.text("kind"),
                      {json.text("text.en"), json.text("text.zh")},
                      engine::urgency_of(json.text("urgency")),
                      json.get("sample").as_int(),
                      json.get("value").as_double()};
  what.alarm.at = parse_instant(json.text("at"));
  what.alarm.by_assistant = json.get("byAssistant").as_bool();
  if (const Json* strip = json.find("strip")) {
    what.strip = recording_of(*strip);
    what.sender = record::principal_of(json.get("sender"));
  }
  return what;
}

// What another try will not bring about: the case is gone, or the sender's role is no more.
bool is_for_ever(const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  return known && (known->code() == ErrorCode::not_found || known->code() == ErrorCode::forbidden);
}

std::chrono::seconds back_off_after(int attempt) {
  return std::min(kLongestBackOff, kFirstBackOff * (1 << std::min(attempt - 1, 10)));
}

void raise_case(CaseRow& row, const engine::StreamAlarm& alarm) {
  if (alarm.urgency <= row.urgency) return;
  row.urgency = alarm.urgency;
  row.urgency_reason = engine::to_json(alarm.text);
}

void add_alarm(record::Writer& writer, const Context& context, CaseRow row, const MonitorAlarm& alarm) {
  if (engine::read_if_any(writer, "DetectedIssue/" + alarm.id)) return;  // and somebody may have seen to it
  const engine::Card& card = context.registry.get(kAssistant).card();
  if (alarm.by_assistant) engine::make_device(writer, card);
  writer.update(issue_of(alarm, row, alarm.by_assistant ? &card : nullptr));
  writer.audit(monitor_entry(row, "C", "monitor.alarm", "DetectedIssue/" + alarm.id));
  raise_case(row, alarm.alarm);
  save_case(writer.transaction(), row);
  const trust::Principal author =
      alarm.by_assistant ? engine::principal_of(card) : trust::Principal::system();
  for (const std::string& organization : row.organizations())
    send_message(writer, context.events, row, author, {"draft", organization, alarm.alarm.text});
  publish_case(writer.transaction(), context.events, row);
}

}  // namespace

void MonitorFiling::write_alarm(const std::string& case_id, const MonitorAlarm& alarm) const {
  const trust::Principal author = alarm.by_assistant
                                      ? engine::principal_of(context_.registry.get(kAssistant).card())
                                      : trust::Principal::system();
  context_.record.write(author, [&](record::Writer& writer) {
    auto row = find_case(writer.transaction(), case_id);
    if (!row) throw Error(ErrorCode::not_found, "The monitored case is gone", case_id);
    add_alarm(writer, context_, std::move(*row), alarm);
  });
}

void MonitorFiling::write(const FiledByMonitor& what) const {
  if (!what.strip) return write_alarm(what.case_id, what.alarm);
  intake_.receive_strip(*what.strip, what.alarm.id, title_of(what.alarm.alarm.text),
                        {what.sender, "monitor", what.sender.organization, what.case_id});
}

// Whether it is in the record, or a job that will bring it there.
bool MonitorFiling::try_to_file(const FiledByMonitor& what) const {
  const char* kind = what.strip ? "strip-not-filed" : "alarm-not-filed";
  try {
    write(what);
    return true;
  } catch (const std::exception& error) {
    log_error(kind, {{"case", what.case_id}, {"alarm", what.alarm.alarm.kind}, {"error", error.what()}});
  }
  try {
    context_.database.write([&](storage::Transaction& transaction) {
      context_.queue.add(transaction, kTopic, json_of(what), key_of(what), kFirstBackOff);
    });
    return true;
  } catch (const std::exception& error) {
    log_error(kind, {{"case", what.case_id}, {"alarm", what.alarm.alarm.kind}, {"error", error.what()}});
    return false;
  }
}

void MonitorFiling::file(FiledByMonitor what) {
  if (!try_to_file(what)) keep({std::move(what), 1, context_.queue.time() + kFirstBackOff});
}

void MonitorFiling::keep(Kept kept) {
  const std::lock_guard lock(mutex_);
  if (kept_.size() < kMostKept) return kept_.push_back(std::move(kept));
  // Alarms go before strips.
  const auto strip = std::ranges::find_if(kept_, [](const Kept& one) { return one.what.strip.has_value(); });
  log_error("monitor-lost",
            {{"case", kept.what.case_id}, {"reason", "too much waits for a database that takes nothing"}});
  if (strip == kept_.end() || kept.what.strip) return;
  kept_.erase(strip);
  kept_.push_back(std::move(kept));
}

void MonitorFiling::file_kept(const std::function<bool(const Kept&)>& is_wanted) {
  std::vector<Kept> wanted;
  {
    const std::lock_guard lock(mutex_);
    const auto rest =
        std::stable_partition(kept_.begin(), kept_.end(), [&](const Kept& kept) { return !is_wanted(kept); });
    wanted.assign(std::make_move_iterator(rest), std::make_move_iterator(kept_.end()));
    kept_.erase(rest, kept_.end());
  }
  for (Kept& kept : wanted) {
    if (try_to_file(kept.what)) continue;
    kept.due = context_.queue.time() + back_off_after(++kept.attempt);
    keep(std::move(kept));
  }
}

void MonitorFiling::file_now(const std::string& alarm_id) {
  file_kept([&](const Kept& kept) { return kept.what.alarm.id == alarm_id; });
  if (const auto job = context_.queue.take_waiting(kTopic, "alarm/" + alarm_id)) run(*job);
}

void MonitorFiling::run(const storage::Job& job) const {
  try {
    write(filed_of(job.payload));
    context_.database.write(
        [&](storage::Transaction& transaction) { context_.queue.finish(transaction, job); });
  } catch (const std::exception& error) {
    log_error("monitor-not-filed", {{"job", job.number}, {"error", error.what()}});
    context_.queue.fail(job, error.what(), is_for_ever(error) ? 1 : kAttempts);
  }
}

void MonitorFiling::run_due() {
  const Instant at = context_.queue.time();
  // Also what was to wait longer than ever: the clock was set back.
  file_kept([&](const Kept& kept) { return kept.due <= at || kept.due > at + kLongestBackOff; });
  forget_ended();
  while (const auto job = context_.queue.take(kTopic)) run(*job);
}

void MonitorFiling::forget(RunningMonitor monitor) {
  {
    const std::lock_guard lock(mutex_);
    ended_.push_back(std::move(monitor));
  }
  try {
    forget_ended();
  } catch (const std::exception& error) {
    log_error("monitor-not-forgotten", {{"error", error.what()}});
  }
}

// But not those of whom something is known here alone: were this node killed now, its next start would have
// to say that they broke off.
void MonitorFiling::forget_ended() {
  const std::lock_guard lock(mutex_);
  const auto waits = [&](const RunningMonitor& monitor) {
    return std::ranges::any_of(kept_, [&](const Kept& kept) { return kept.what.case_id == monitor.case_id; });
  };
  const auto rest = std::stable_partition(ended_.begin(), ended_.end(), waits);
  if (rest == ended_.end()) return;
  context_.database.write([&](storage::Transaction& transaction) {
    std::for_each(rest, ended_.end(),
                  [&](const RunningMonitor& monitor) { forget_running(transaction, monitor); });
  });
  ended_.erase(rest, ended_.end());
}

void MonitorFiling::raise_broken_off() {
  const Instant at = context_.queue.time();
  const auto found =
      context_.database.read([&](storage::Connection& connection) { return broken_off(connection, at); });
  for (const RunningMonitor& monitor : found) {
    try {
      raise_broken_off(monitor);
    } catch (const std::exception& error) {  // said at the next look
      log_error("alarm-not-filed",
                {{"case", monitor.case_id}, {"alarm", "node-stopped"}, {"error", error.what()}});
    }
  }
}

void MonitorFiling::raise_broken_off(const RunningMonitor& monitor) const {
  const engine::StreamAlarm alarm{
      "node-stopped",
      {"Monitoring broke off with the node, " + monitor.name + ": see to the patient",
       "监护因节点停止而中断（" + monitor.name + "）：请查看患者"},
      engine::Urgency::today,
      0,
      0};
  context_.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    if (!forget_running(writer.transaction(), monitor)) return;  // it runs again, or another node has said it
    if (auto row = find_case(writer.transaction(), monitor.case_id))
      add_alarm(writer, context_, std::move(*row), {new_id(), alarm, context_.queue.time(), false});
  });
  log_warning("monitor-broke-off", {{"case", monitor.case_id}, {"monitor", monitor.name}});
}

void MonitorFiling::start() {
  raise_broken_off();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void MonitorFiling::stop() {
  if (!thread_.joinable()) return;
  thread_ = {};
  file_kept([](const Kept&) { return true; });
}

void MonitorFiling::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  auto next_alive = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    try {
      run_due();
      if (std::chrono::steady_clock::now() >= next_alive) {
        next_alive = std::chrono::steady_clock::now() + kAlivePace;
        context_.database.write(
            [&](storage::Transaction& transaction) { note_alive(transaction, context_.queue.time()); });
        raise_broken_off();
      }
    } catch (const std::exception& error) {  // the database, which every other work needs too
      log_error("monitors-not-looked-after", {{"reason", error.what()}});
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, kPace, [] { return false; });
  }
}

}  // namespace meridian::care
