#include "assistants/ecg/stream.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "assistants/ecg/beat_classes.h"
#include "base/error.h"
#include "signal/gaps.h"
#include "signal/mains.h"
#include "signal/paced_beats.h"
#include "signal/qrs_detector.h"
#include "signal/range.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kLowestFrequency = 50, kHighestFrequency = 100'000;  // Hz
constexpr double kStep = 0.4;                                         // s between two looks
constexpr double kSettle = 0.4;  // s that must have come after a beat: its T wave and the next upstroke
constexpr double kSlack = 0.1;   // s by which a beat may move from one look to the next
constexpr double kLooked = 8;    // s in which beats are looked for; eleven beats at 80 a minute
constexpr double kRefractory = 0.2;
constexpr double kStretch = 30, kStretchStep = 15;       // s; as in the analysis of whole recordings
constexpr std::size_t kRateIntervals = 8;                // that the rate is the mean of
constexpr double kPause = 3, kSilent = 2, kMissing = 1;  // s
constexpr float kFlat = 0.01f;                           // mV, peak to peak
constexpr double kMostMissing = 0.05;                    // part of the samples of what is a signal
constexpr double kSlow = 40, kFast = 150, kBack = 5;     // beats a minute; by how much the rate must return
constexpr std::size_t kRun = 3;                          // ventricular beats
constexpr double kRunRate = 100;                         // beats a minute
constexpr double kPremature = 0.88;                      // of the median interval

// most_missing: the part of its samples that a lead with a signal may lack.
bool has_signal(const signal::Recording& recording, double most_missing) {
  return std::any_of(recording.leads.begin(), recording.leads.end(), [&](const signal::Lead& lead) {
    std::vector<float> there;
    std::copy_if(lead.samples.begin(), lead.samples.end(), std::back_inserter(there), signal::is_sample);
    const auto missing = static_cast<double>(lead.samples.size() - there.size());
    if (there.empty() || missing > most_missing * static_cast<double>(lead.samples.size())) return false;
    const signal::Range range = signal::range_of(there);
    return range.high - range.low >= kFlat;
  });
}

// No lead has a sample.
bool is_missing(const signal::Recording& recording) {
  return std::all_of(recording.leads.begin(), recording.leads.end(), [](const signal::Lead& lead) {
    return std::none_of(lead.samples.begin(), lead.samples.end(), signal::is_sample);
  });
}

struct AlarmName {
  AlarmKind kind;
  const char* name;
  engine::Urgency urgency;
  engine::LocalizedText text;
};

const AlarmName& entry_of(AlarmKind kind) {
  static const std::vector<AlarmName> kNames{
      {AlarmKind::no_signal,
       "no-signal",
       engine::Urgency::today,
       {"No signal: check the patient and the electrodes", "无信号：请查看患者和电极"}},
      {AlarmKind::asystole,
       "asystole",
       engine::Urgency::emergency,
       {"No beat for more than 3 s", "超过3秒无心搏"}},
      {AlarmKind::bradycardia,
       "bradycardia",
       engine::Urgency::emergency,
       {"Heart rate below 40/min", "心率低于40次/分"}},
      {AlarmKind::tachycardia,
       "tachycardia",
       engine::Urgency::emergency,
       {"Heart rate above 150/min", "心率高于150次/分"}},
      {AlarmKind::ventricular_run,
       "ventricular-run",
       engine::Urgency::emergency,
       {"Run of ventricular beats", "连续室性心搏"}},
      {AlarmKind::fibrillation,
       "fibrillation",
       engine::Urgency::today,
       {"Atrial fibrillation suspected", "疑似心房颤动"}},
  };
  return *std::find_if(kNames.begin(), kNames.end(),
                       [&](const AlarmName& name) { return name.kind == kind; });
}

StreamAlarm alarm_of(AlarmKind kind, std::int64_t from, double value) {
  const AlarmName& name = entry_of(kind);
  return {name.name, name.text, name.urgency, from, value};
}

}  // namespace

const char* name_of(AlarmKind kind) {
  return entry_of(kind).name;
}

EcgStream::EcgStream(const Models& models, std::vector<std::string> leads, double sampling_frequency,
                     double threshold)
    : models_(models), threshold_(threshold) {
  if (leads.empty() || !(sampling_frequency >= kLowestFrequency && sampling_frequency <= kHighestFrequency))
    throw Error(ErrorCode::invalid_value, "A stream needs leads and a sampling frequency of 50 Hz or more",
                "stream", "Name both before the first sample");
  kept_.sampling_frequency = sampling_frequency;
  for (std::string& lead : leads) kept_.leads.push_back({std::move(lead), {}});
  next_stretch_ = samples_of(kStretch);
}

std::int64_t EcgStream::samples_of(double seconds) const {
  return std::llround(seconds * kept_.sampling_frequency);
}

StreamEvents EcgStream::add(std::span<const std::vector<float>> samples) {
  const std::size_t length = samples.empty() ? 0 : samples.front().size();
  const bool even =
      std::all_of(samples.begin(), samples.end(), [&](const auto& lead) { return lead.size() == length; });
  if (samples.size() != kept_.leads.size() || !even)
    throw Error(ErrorCode::invalid_value, "The samples do not fit the stream's leads", "stream",
                "Give each lead as many samples");
  StreamEvents events;
  for (std::size_t at = 0; at < length;) {
    const auto missing = static_cast<std::size_t>(samples_of(kStep) - unseen_);
    const std::size_t count = std::min(missing, length - at);
    for (std::size_t l = 0; l < samples.size(); ++l) {
      const auto from = samples[l].begin() + static_cast<std::ptrdiff_t>(at);
      std::vector<float>& kept = kept_.leads[l].samples;
      std::replace_copy_if(
          from, from + static_cast<std::ptrdiff_t>(count), std::back_inserter(kept),
          [](float sample) { return !signal::is_sample(sample); }, std::numeric_limits<float>::quiet_NaN());
    }
    at += count;
    unseen_ += static_cast<std::int64_t>(count);
    if (count == missing) step(events);
  }
  return events;
}

void EcgStream::step(StreamEvents& events) {
  unseen_ = 0;
  if (end() < samples_of(kLearning)) return;
  take_beats(events);
  watch_signal(events);
  watch_rate(events);
  watch_runs(events);
  watch_rhythm(events);
  // A stretch more is kept than needed, so that what is kept moves seldom.
  const auto most = static_cast<std::size_t>(samples_of(2 * kStretch));
  if (kept_.length() < most) return;
  const auto surplus = kept_.length() - static_cast<std::size_t>(samples_of(kStretch + kSettle + kStep));
  for (signal::Lead& lead : kept_.leads)
    lead.samples.erase(lead.samples.begin(), lead.samples.begin() + static_cast<std::ptrdiff_t>(surplus));
  begin_ += static_cast<std::int64_t>(surplus);
  while (beats_.size() > kRateIntervals + 1 && beats_.front().sample < begin_) beats_.pop_front();
}

signal::Recording EcgStream::latest(double seconds) const {
  const auto count = std::min(kept_.length(), static_cast<std::size_t>(samples_of(seconds)));
  signal::Recording part;
  part.sampling_frequency = kept_.sampling_frequency;
  for (const signal::Lead& lead : kept_.leads)
    part.leads.push_back(
        {lead.name, {lead.samples.end() - static_cast<std::ptrdiff_t>(count), lead.samples.end()}});
  return part;
}

// As of whole recordings, from what is kept anyway: so it costs no delay. Mains that only just began are
// taken off too, of which most of the part knows nothing.
signal::Recording EcgStream::without_mains(signal::Recording part) const {
  std::vector<signal::MainsNoise> mains = signal::find_mains(part);
  for (signal::MainsNoise& now : signal::find_mains(latest(1)))
    if (std::none_of(mains.begin(), mains.end(), [&](const signal::MainsNoise& noise) {
          return noise.lead == now.lead && noise.frequency == now.frequency;
        }))
      mains.push_back(std::move(now));
  if (mains.empty()) return part;
  return signal::without_mains(part, mains);
}

// Whether its shape must be looked at: it comes early, or after a beat that is not normal, or among the
// first.
bool EcgStream::is_suspect(std::int64_t beat) const {
  if (beats_.size() <= kRateIntervals || beats_.back().aami_class != 'N') return true;
  std::vector<float> intervals;
  for (std::size_t i = beats_.size() - kRateIntervals; i < beats_.size(); ++i)
    intervals.push_back(static_cast<float>(beats_[i].sample - beats_[i - 1].sample));
  std::nth_element(intervals.begin(), intervals.begin() + kRateIntervals / 2, intervals.end());
  const auto own = static_cast<double>(beat - beats_.back().sample);
  return own < kPremature * static_cast<double>(intervals[kRateIntervals / 2]);
}

void EcgStream::take_beats(StreamEvents& events) {
  settled_ = end() - samples_of(kSettle);
  // In what is mostly silence no beat is found: after a loss of the signal only what came since is looked at,
  // once it is as long as at the beginning.
  const double there = static_cast<double>(end() - lost_until_) / kept_.sampling_frequency;
  if (there < kLearning) return;
  const signal::Recording part = without_mains(latest(std::min(kLooked, there)));
  const std::int64_t begin = end() - static_cast<std::int64_t>(part.length());
  const std::int64_t from = looked_until_ - samples_of(kSlack), to = settled_;
  looked_until_ = to;
  const std::vector<std::int64_t> found = signal::detect_qrs(part);
  const std::vector<char> paced = signal::find_paced_beats(part, found);
  std::string classes;  // of the beats found, once they are asked for
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::int64_t sample = begin + found[i];
    if (sample <= from || sample > to) continue;
    if (!beats_.empty() && sample < beats_.back().sample + samples_of(kRefractory)) continue;
    StreamBeat beat{sample, 'N'};
    if (is_suspect(sample)) {
      if (classes.empty()) classes = classify_beats(found, signal::RepeatingActivity(part), models_.beats);
      if (i < classes.size() && (classes[i] == 'V' || classes[i] == 'F')) beat.aami_class = classes[i];
    }
    if (paced[i]) beat.aami_class = 'Q';
    beats_.push_back(beat);
    events.beats.push_back(beat);
  }
}

// Once a pause, and once a silence.
void EcgStream::watch_signal(StreamEvents& events) {
  const std::int64_t last = beats_.empty() ? 0 : beats_.back().sample;
  const double without = static_cast<double>(settled_ - last) / kept_.sampling_frequency;
  if (is_missing(latest(kMissing))) silent_until_ = end();
  if (without <= kPause) {
    pulse_.reset();
    return;
  }
  const signal::Recording recent = latest(kSilent);
  const bool silent = !has_signal(recent, kMostMissing);
  if (silent) silent_until_ = end();
  if (!has_signal(recent, 1)) lost_until_ = end();  // what comes with gaps is looked at all the same
  // A signal that has only just come back has not had the time for a pause.
  if (!silent && end() - silent_until_ <= samples_of(kPause)) return;
  const AlarmKind kind = silent ? AlarmKind::no_signal : AlarmKind::asystole;
  if (pulse_ == kind) return;
  pulse_ = kind;
  events.alarms.push_back(alarm_of(kind, last, without));
}

// Of beats between which the signal never failed: nobody knows how many came in a silence.
void EcgStream::watch_rate(StreamEvents& events) {
  if (events.beats.empty() || beats_.size() <= kRateIntervals) return;
  const std::int64_t first = beats_[beats_.size() - 1 - kRateIntervals].sample;
  if (first < silent_until_) return;
  const double seconds = static_cast<double>(beats_.back().sample - first) / kept_.sampling_frequency;
  const double rate = 60 * static_cast<double>(kRateIntervals) / seconds;
  std::optional<AlarmKind> now = rate_;
  if (rate < kSlow) now = AlarmKind::bradycardia;
  if (rate > kFast) now = AlarmKind::tachycardia;
  if (rate > kSlow + kBack && rate < kFast - kBack) now.reset();
  if (now && now != rate_) events.alarms.push_back(alarm_of(*now, first, rate));
  rate_ = now;
}

// Once a run, as soon as its last beats are fast: it may begin slowly.
void EcgStream::watch_runs(StreamEvents& events) {
  for (const StreamBeat& beat : events.beats) {
    run_ = beat.aami_class == 'V' ? run_ + 1 : 0;
    if (run_ == 0) run_told_ = false;
    if (run_ < kRun || run_told_) continue;
    const auto last = std::find_if(beats_.begin(), beats_.end(),
                                   [&](const StreamBeat& other) { return other.sample == beat.sample; });
    if (last - beats_.begin() + 1 < static_cast<std::ptrdiff_t>(kRun)) continue;
    const std::int64_t first = (last - (kRun - 1))->sample;
    const double seconds = static_cast<double>(beat.sample - first) / kept_.sampling_frequency;
    if (60 * static_cast<double>(kRun - 1) / seconds <= kRunRate) continue;
    run_told_ = true;
    events.alarms.push_back(alarm_of(AlarmKind::ventricular_run, first, static_cast<double>(kRun)));
  }
}

// Stretches of 30 s, every 15 s, of which two neighbours must agree.
void EcgStream::watch_rhythm(StreamEvents& events) {
  if (settled_ < next_stretch_) return;
  const std::int64_t from = next_stretch_ - samples_of(kStretch), to = next_stretch_;
  next_stretch_ += samples_of(kStretchStep);
  signal::Recording part;
  part.sampling_frequency = kept_.sampling_frequency;
  for (const signal::Lead& lead : kept_.leads)
    part.leads.push_back(
        {lead.name, {lead.samples.begin() + (from - begin_), lead.samples.begin() + (to - begin_)}});
  std::vector<std::int64_t> beats;
  for (const StreamBeat& beat : beats_)
    if (beat.sample >= from && beat.sample < to) beats.push_back(beat.sample - from);
  const auto features = signal::fibrillation_features(beats, signal::RepeatingActivity(without_mains(part)));
  const double probability = features ? models_.fibrillation.probability(*features) : 0;
  const double agreed = std::min(probability, last_probability_);
  last_probability_ = probability;
  if (agreed < threshold_) {
    rhythm_.reset();
  } else if (!rhythm_) {
    rhythm_ = AlarmKind::fibrillation;
    events.alarms.push_back(alarm_of(AlarmKind::fibrillation, from - samples_of(kStretchStep), agreed));
  }
}

}  // namespace meridian::assistants::ecg
