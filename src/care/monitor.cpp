#include "care/monitor.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/id.h"
#include "signal/gaps.h"

namespace meridian::care {
namespace {

constexpr double kRecentSeconds = 10, kLongestPiece = 1;
constexpr double kBeforeAlarm = 10, kAfterAlarm = 5;  // s around the telling of an alarm that are kept
constexpr std::size_t kMostAlarms = 50;               // shown to who begins to watch
constexpr std::chrono::seconds kSilent{5};

// The last samples of each lead, so many at most, in microvolts; null where there is none.
Json samples_json(const std::vector<std::vector<float>>& leads, std::size_t most) {
  Json list = Json::array();
  for (const std::vector<float>& samples : leads) {
    Json lead = Json::array();
    for (auto sample = samples.end() - static_cast<std::ptrdiff_t>(std::min(most, samples.size()));
         sample != samples.end(); ++sample)
      lead.push_back(std::isfinite(*sample)
                         ? Json(static_cast<std::int64_t>(std::lround(static_cast<double>(*sample) * 1000)))
                         : Json());
    list.push_back(std::move(lead));
  }
  return list;
}

// Returns how many numbers were no samples.
std::size_t remove_impossible(std::vector<std::vector<float>>& leads) {
  std::size_t removed = 0;
  for (std::vector<float>& samples : leads)
    for (float& sample : samples) {
      if (signal::is_sample(sample)) continue;
      removed += std::isnan(sample) ? 0 : 1;
      sample = std::numeric_limits<float>::quiet_NaN();
    }
  return removed;
}

std::string ended_message(bool lost) {
  return Json::object({{"kind", "ended"}, {"lost", lost}}).dump();
}

template <class Value>
void append(std::vector<Value>& to, std::vector<Value> values) {
  to.insert(to.end(), std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
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

Monitor::Monitor(MonitorSetup setup, std::string case_id, trust::Principal sender,
                 std::unique_ptr<engine::SignalStream> stream, Instant at)
    : setup_(std::move(setup)),
      case_id_(std::move(case_id)),
      line_(new_id()),
      sender_(std::move(sender)),
      stream_(std::move(stream)),
      recent_(setup_.leads.size()),
      heard_(at) {}

std::size_t Monitor::add(std::vector<std::vector<float>> samples, Instant at) {
  const std::size_t length = samples.empty() ? 0 : samples.front().size();
  if (static_cast<double>(length) > kLongestPiece * setup_.sampling_frequency)
    throw Error(ErrorCode::invalid_value, "More than a second of samples came at once", "samples",
                "Send a tenth of a second at a time");
  const std::size_t impossible = remove_impossible(samples);
  const std::lock_guard lock(mutex_);
  if (ended_) return 0;
  engine::StreamEvents events = stream_->add(samples);  // also checks their shape
  heard_ = at;
  silent_ = false;
  const std::int64_t first = come_;
  come_ += static_cast<std::int64_t>(length);
  keep_recent(samples);
  if (length > 0)
    tell(Json::object({{"kind", "samples"}, {"at", first}, {"samples", samples_json(samples, length)}})
             .dump());
  tell_beats(events.beats);
  for (engine::StreamAlarm& alarm : events.alarms) {
    untaken_.push_back({new_id(), std::move(alarm), at});
    uncut_.emplace_back(untaken_.back(), come_);
  }
  while (!uncut_.empty() && come_ >= uncut_.front().second + samples_of(kAfterAlarm)) cut_strip();
  return impossible;
}

std::int64_t Monitor::samples_of(double seconds) const {
  return std::llround(seconds * setup_.sampling_frequency);
}

void Monitor::keep_recent(const std::vector<std::vector<float>>& samples) {
  const std::int64_t most = samples_of(kBeforeAlarm + kAfterAlarm + kLongestPiece);
  for (std::size_t lead = 0; lead < samples.size(); ++lead) {
    std::vector<float>& recent = recent_[lead];
    recent.insert(recent.end(), samples[lead].begin(), samples[lead].end());
    if (recent.size() > 2 * static_cast<std::size_t>(most))
      recent.erase(recent.begin(), recent.end() - static_cast<std::ptrdiff_t>(most));
  }
  while (!beats_.empty() && beats_.front().sample < come_ - most) beats_.pop_front();
}

// Of the alarm that was told first.
void Monitor::cut_strip() {
  const auto& [alarm, told] = uncut_.front();
  const std::int64_t kept_from = come_ - static_cast<std::int64_t>(recent_.front().size());
  const std::int64_t from = std::max(told - samples_of(kBeforeAlarm), kept_from);
  const std::int64_t to = std::min(told + samples_of(kAfterAlarm), come_);
  MonitorStrip strip{alarm, {}};
  strip.recording.sampling_frequency = setup_.sampling_frequency;
  const double before = static_cast<double>(told - from) / setup_.sampling_frequency;
  strip.recording.start = alarm.at - std::chrono::microseconds(std::llround(before * 1e6));
  for (std::size_t lead = 0; lead < recent_.size(); ++lead)
    strip.recording.leads.push_back(
        {setup_.leads[lead],
         {recent_[lead].begin() + (from - kept_from), recent_[lead].begin() + (to - kept_from)}});
  uncut_.pop_front();
  if (from < to) strips_.push_back(std::move(strip));
}

std::vector<MonitorStrip> Monitor::take_strips() {
  const std::lock_guard lock(mutex_);
  return std::exchange(strips_, {});
}

void Monitor::raise(engine::StreamAlarm alarm, Instant at) {
  const std::lock_guard lock(mutex_);
  alarm.from = come_;
  untaken_.push_back({new_id(), std::move(alarm), at, false});
}

std::vector<MonitorAlarm> Monitor::take_alarms() {
  const std::lock_guard lock(mutex_);
  return std::exchange(untaken_, {});
}

void Monitor::show(const MonitorAlarm& alarm) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(open_alarms_, alarm.id, &MonitorAlarm::id) != open_alarms_.end()) return;
  open_alarms_.push_back(alarm);
  if (open_alarms_.size() > kMostAlarms) open_alarms_.erase(open_alarms_.begin());
  tell(Json::object({{"kind", "alarm"}, {"alarm", to_json(alarm)}}).dump());
}

void Monitor::show_acknowledged(const std::string& alarm_id, const std::string& by) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_alarms_, [&](const MonitorAlarm& alarm) { return alarm.id == alarm_id; });
  tell(Json::object({{"kind", "acknowledged"}, {"id", alarm_id}, {"by", by}}).dump());
}

bool Monitor::falls_silent(Instant at) {
  const std::lock_guard lock(mutex_);
  heard_ = std::min(heard_, at);  // the clock was set back
  if (silent_ || ended_ || at - heard_ < kSilent) return false;
  silent_ = true;
  return true;
}

bool Monitor::is_silent() const {
  const std::lock_guard lock(mutex_);
  return silent_;
}

void Monitor::end(bool lost) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  ended_ = true;
  lost_ = lost;
  while (!uncut_.empty()) cut_strip();
  tell(ended_message(lost));
  watchers_.clear();
}

void Monitor::hand_over(Monitor& next) {
  std::vector<Watcher> watchers;
  {
    const std::scoped_lock lock(mutex_, next.mutex_);
    ended_ = true;
    while (!uncut_.empty()) cut_strip();
    watchers.swap(watchers_);
    append(next.open_alarms_, std::exchange(open_alarms_, {}));
    append(next.untaken_, std::exchange(untaken_, {}));
    append(next.strips_, std::exchange(strips_, {}));
  }
  for (Watcher& watcher : watchers) next.watch(std::move(watcher));
}

void Monitor::watch(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  if (!watcher(beginning())) return;
  if (ended_)
    watcher(ended_message(lost_));
  else
    watchers_.push_back(std::move(watcher));
}

bool Monitor::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void Monitor::tell_beats(const std::vector<engine::StreamBeat>& beats) {
  for (const engine::StreamBeat& beat : beats) {
    beats_.push_back(beat);
    Json message = beat_json(beat);
    message["kind"] = "beat";
    tell(message.dump());
  }
}

void Monitor::tell(const std::string& message) {
  std::erase_if(watchers_, [&](const Watcher& watcher) { return !watcher(message); });
}

std::string Monitor::beginning() const {
  Json leads = Json::array(), beats = Json::array(), alarms = Json::array();
  for (const std::string& lead : setup_.leads) leads.push_back(lead);
  for (const engine::StreamBeat& beat : beats_) beats.push_back(beat_json(beat));
  for (const MonitorAlarm& alarm : open_alarms_) alarms.push_back(to_json(alarm));
  // More would not be sent: 16 leads of 2000 samples a second are 3 MB in ten seconds.
  const auto most = static_cast<std::size_t>(kRecentSeconds * setup_.sampling_frequency);
  const std::size_t kept = recent_.empty() ? 0 : std::min(most, recent_.front().size());
  return Json::object({{"kind", "monitor"},
                       {"name", setup_.name},
                       {"leads", std::move(leads)},
                       {"samplingFrequency", setup_.sampling_frequency},
                       {"at", come_ - static_cast<std::int64_t>(kept)},
                       {"samples", samples_json(recent_, kept)},
                       {"beats", std::move(beats)},
                       {"alarms", std::move(alarms)}})
      .dump();
}

}  // namespace meridian::care
