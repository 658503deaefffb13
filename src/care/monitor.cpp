#include "care/monitor.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace meridian::care {
namespace {

constexpr double kRecentSeconds = 10, kLongestPiece = 1;
constexpr std::size_t kMostAlarms = 50;  // shown to who begins to watch

// Microvolts; null where there is no sample.
Json samples_json(const std::vector<std::vector<float>>& leads) {
  Json list = Json::array();
  for (const std::vector<float>& samples : leads) {
    Json lead = Json::array();
    for (const float sample : samples)
      lead.push_back(std::isfinite(sample)
                         ? Json(static_cast<std::int64_t>(std::lround(static_cast<double>(sample) * 1000)))
                         : Json());
    list.push_back(std::move(lead));
  }
  return list;
}

Json beat_json(const engine::StreamBeat& beat) {
  return Json::object({{"sample", beat.sample}, {"aami_class", std::string(1, beat.aami_class)}});
}

}  // namespace

Json to_json(const MonitorAlarm& alarm) {
  return Json::object(
      {{"id", alarm.id},
       {"kind", alarm.alarm.kind},
       {"urgency", engine::urgency_name(alarm.alarm.urgency)},
       {"text", engine::to_json(alarm.alarm.text)},
       {"sample", alarm.alarm.from},
       {"value", std::round(alarm.alarm.value * 100) / 100},
       {"at", format_instant(alarm.at)},
       {"acknowledgedBy", alarm.acknowledged_by.empty() ? Json() : Json(alarm.acknowledged_by)}});
}

Monitor::Monitor(MonitorSetup setup, std::string case_id, std::unique_ptr<engine::SignalStream> stream)
    : setup_(std::move(setup)),
      case_id_(std::move(case_id)),
      stream_(std::move(stream)),
      recent_(setup_.leads.size()) {}

std::vector<engine::StreamAlarm> Monitor::add(const std::vector<std::vector<float>>& samples) {
  const std::size_t length = samples.empty() ? 0 : samples.front().size();
  if (static_cast<double>(length) > kLongestPiece * setup_.sampling_frequency)
    throw Error(ErrorCode::invalid_value, "More than a second of samples came at once", "samples",
                "Send a tenth of a second at a time");
  const std::lock_guard lock(mutex_);
  if (ended_) return {};
  engine::StreamEvents events = stream_->add(samples);  // also checks their shape
  const std::int64_t at = come_;
  come_ += static_cast<std::int64_t>(length);
  const auto most = static_cast<std::size_t>(kRecentSeconds * setup_.sampling_frequency);
  for (std::size_t lead = 0; lead < samples.size(); ++lead) {
    std::vector<float>& recent = recent_[lead];
    recent.insert(recent.end(), samples[lead].begin(), samples[lead].end());
    if (recent.size() > 2 * most)
      recent.erase(recent.begin(), recent.end() - static_cast<std::ptrdiff_t>(most));
  }
  if (length > 0)
    tell(Json::object({{"kind", "samples"}, {"at", at}, {"samples", samples_json(samples)}}).dump());
  for (const engine::StreamBeat& beat : events.beats) {
    beats_.push_back(beat);
    Json message = beat_json(beat);
    message["kind"] = "beat";
    tell(message.dump());
  }
  while (!beats_.empty() && beats_.front().sample < come_ - static_cast<std::int64_t>(2 * most))
    beats_.pop_front();
  return std::move(events.alarms);
}

void Monitor::show(const MonitorAlarm& alarm) {
  const std::lock_guard lock(mutex_);
  open_alarms_.push_back(alarm);
  if (open_alarms_.size() > kMostAlarms) open_alarms_.erase(open_alarms_.begin());
  tell(Json::object({{"kind", "alarm"}, {"alarm", to_json(alarm)}}).dump());
}

void Monitor::show_acknowledged(const std::string& alarm_id, const std::string& by) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_alarms_, [&](const MonitorAlarm& alarm) { return alarm.id == alarm_id; });
  tell(Json::object({{"kind", "acknowledged"}, {"id", alarm_id}, {"by", by}}).dump());
}

void Monitor::end(bool lost) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  ended_ = true;
  tell(Json::object({{"kind", "ended"}, {"lost", lost}}).dump());
  watchers_.clear();
}

void Monitor::watch(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  if (!watcher(beginning())) return;
  if (ended_)
    watcher(R"({"kind":"ended","lost":false})");
  else
    watchers_.push_back(std::move(watcher));
}

bool Monitor::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void Monitor::tell(const std::string& message) {
  std::erase_if(watchers_, [&](const Watcher& watcher) { return !watcher(message); });
}

std::string Monitor::beginning() const {
  Json leads = Json::array(), beats = Json::array(), alarms = Json::array();
  for (const std::string& lead : setup_.leads) leads.push_back(lead);
  for (const engine::StreamBeat& beat : beats_) beats.push_back(beat_json(beat));
  for (const MonitorAlarm& alarm : open_alarms_) alarms.push_back(to_json(alarm));
  const auto kept = recent_.empty() ? 0 : static_cast<std::int64_t>(recent_.front().size());
  return Json::object({{"kind", "monitor"},
                       {"name", setup_.name},
                       {"leads", std::move(leads)},
                       {"samplingFrequency", setup_.sampling_frequency},
                       {"at", come_ - kept},
                       {"samples", samples_json(recent_)},
                       {"beats", std::move(beats)},
                       {"alarms", std::move(alarms)}})
      .dump();
}

}  // namespace meridian::care
