#include "care/monitor_filing.h"

#include <algorithm>
#include <condition_variable>
#include <iterator>

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "care/messages.h"
#include "care/monitor_alarms.h"
#include "engine/draft.h"
#include "engine/resources.h"

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
      context_.queue.add(transaction, kTopic, to_json(what), key_of(what), kFirstBackOff);
    });
    return true;
  } catch (const std::exception& error) {
    log_error(kind, {{"case", what.case_id}, {"alarm", what.alarm.alarm.kind}, {"error", error.what()}});
    return false;
  }
}

void MonitorFiling::file(FiledByMonitor what) {
  std::list<Kept> one;
  one.push_back({std::move(what)});
  const auto kept = one.begin();
  {
    const std::lock_guard lock(mutex_);
    kept_.splice(kept_.end(), one);
  }
  file_kept(kept);
}

void MonitorFiling::file_kept(std::list<Kept>::iterator kept) {
  const bool is_filed = try_to_file(kept->what);
  if (is_filed && kept->in_spool) spool_.remove(kept->what);
  if (!is_filed && !kept->in_spool) kept->in_spool = spool_.put(kept->what);
  const std::lock_guard lock(mutex_);
  if (is_filed) {
    kept_.erase(kept);
    return;
  }
  kept->due = context_.queue.time() + back_off_after(++kept->attempt);
  kept->in_work = false;
  if (kept_.size() > kMostKept) drop_surplus();
}

void MonitorFiling::file_kept(const std::function<bool(const Kept&)>& is_wanted) {
  std::vector<std::list<Kept>::iterator> wanted;
  {
    const std::lock_guard lock(mutex_);
    for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
      if (kept->in_work || !is_wanted(*kept)) continue;
      kept->in_work = true;
      wanted.push_back(kept);
    }
  }
  for (const auto kept : wanted) file_kept(kept);
}

// Alarms stay before strips, the older before the newer.
void MonitorFiling::drop_surplus() {
  const auto may_go = [](const Kept& kept) { return !kept.in_work; };
  auto dropped = std::ranges::find_if(
      kept_, [&](const Kept& kept) { return may_go(kept) && kept.what.strip.has_value(); });
  for (auto kept = kept_.end(); dropped == kept_.end() && kept != kept_.begin();)
    if (--kept; may_go(*kept)) dropped = kept;
  if (dropped == kept_.end()) return;
  log_error("monitor-not-kept", {{"case", dropped->what.case_id},
                                 {"alarm", dropped->what.alarm.alarm.kind},
                                 {"what", dropped->what.strip ? "strip" : "alarm"},
                                 {"until", dropped->in_spool ? "the next start" : "ever"},
                                 {"reason", "too much waits for a database that takes nothing"}});
  kept_.erase(dropped);
}

void MonitorFiling::file_now(const std::string& alarm_id) {
  file_kept([&](const Kept& kept) { return kept.what.alarm.id == alarm_id; });
  if (const auto job = context_.queue.take_waiting(kTopic, "alarm/" + alarm_id)) run(*job);
}

void MonitorFiling::run(const storage::Job& job) const {
  try {
    write(filed_by_monitor(job.payload));
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
  try_to_forget_ended();
}

void MonitorFiling::try_to_forget_ended() {
  try {
    forget_ended();
  } catch (const std::exception& error) {
    log_error("monitor-not-forgotten", {{"error", error.what()}});
  }
}

// But not those of whom something is known here alone: were this node killed now, its next start would have
// to say that they broke off.
void MonitorFiling::forget_ended() {
  std::vector<RunningMonitor> forgotten;
  {
    const std::lock_guard lock(mutex_);
    const auto waits = [&](const RunningMonitor& monitor) {
      return std::ranges::any_of(kept_,
                                 [&](const Kept& kept) { return kept.what.case_id == monitor.case_id; });
    };
    const auto rest = std::stable_partition(ended_.begin(), ended_.end(), waits);
    forgotten.assign(std::make_move_iterator(rest), std::make_move_iterator(ended_.end()));
    ended_.erase(rest, ended_.end());
  }
  if (forgotten.empty()) return;
  try {
    context_.database.write([&](storage::Transaction& transaction) {
      for (const RunningMonitor& monitor : forgotten) forget_running(transaction, monitor);
    });
  } catch (...) {
    const std::lock_guard lock(mutex_);
    ended_.insert(ended_.end(), std::make_move_iterator(forgotten.begin()),
                  std::make_move_iterator(forgotten.end()));
    throw;
  }
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

// What a node that was killed still owed comes first.
void MonitorFiling::take_up_spool() {
  const std::lock_guard lock(mutex_);
  for (FiledByMonitor& what : spool_.all())
    kept_.push_back(
        {.what = std::move(what), .due = context_.queue.time(), .in_work = false, .in_spool = true});
}

void MonitorFiling::start() {
  take_up_spool();
  raise_broken_off();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void MonitorFiling::stop() {
  if (!thread_.joinable()) return;
  thread_ = {};
  file_kept([](const Kept&) { return true; });
  try_to_forget_ended();
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
