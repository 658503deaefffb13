// Beats and alarms of an ECG while it comes, for monitors at the bedside and wearables. What is kept does not
// grow with the length of the recording.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assistants/ecg/models.h"
#include "base/json.h"
#include "engine/finding.h"
#include "signal/recording.h"

namespace meridian::assistants::ecg {

struct StreamBeat {
  std::int64_t sample = 0;  // from the stream's beginning
  char aami_class = 'N';    // V, or N for all others: S and F need what comes later
};

enum class AlarmKind { no_signal, asystole, bradycardia, tachycardia, ventricular_run, fibrillation };

struct StreamAlarm {
  AlarmKind kind = AlarmKind::no_signal;
  std::int64_t from = 0;  // the sample since which it holds
  double value = 0;       // s without a beat or signal, beats a minute, beats of the run, or probability
};

struct StreamEvents {
  std::vector<StreamBeat> beats;
  std::vector<StreamAlarm> alarms;
};

class EcgStream {
 public:
  // Between a beat's sample and the last that had come when it is told, but for the size of the pieces; what
  // comes within the first seconds is told at their end.
  static constexpr double kLongestDelay = 0.9, kLearning = 3;  // s

  // threshold: of suspected atrial fibrillation. models must outlive this. Throws invalid_value when there is
  // no lead or the sampling frequency is not one of an ECG.
  EcgStream(const Models& models, std::vector<std::string> leads, double sampling_frequency,
            double threshold);

  // The next samples in millivolts, by lead, of one length; NaN where there are none. Throws invalid_value
  // when they are of another number of leads or differ in length.
  StreamEvents add(std::span<const std::vector<float>> samples);

  std::size_t kept() const { return kept_.length(); }  // samples a lead, of a minute at most

 private:
  void step(StreamEvents& events);
  signal::Recording latest(double seconds) const;
  void take_beats(StreamEvents& events);
  bool is_suspect(std::int64_t beat) const;
  void watch_signal(StreamEvents& events);
  void watch_rate(StreamEvents& events);
  void watch_runs(StreamEvents& events);
  void watch_rhythm(StreamEvents& events);
  std::int64_t samples_of(double seconds) const;
  std::int64_t end() const { return begin_ + static_cast<std::int64_t>(kept_.length()); }

  const Models& models_;
  double threshold_;
  signal::Recording kept_;                          // the last samples
  std::int64_t begin_ = 0;                          // of kept_
  std::int64_t unseen_ = 0;                         // samples since the last step
  std::int64_t settled_ = 0;                        // up to here beats have been told
  std::deque<StreamBeat> beats_;                    // of the last samples kept, and a few before
  std::int64_t next_stretch_ = 0;                   // where the next look at the rhythm ends
  double last_probability_ = 0;                     // of fibrillation, in the stretch before
  std::optional<AlarmKind> pulse_, rate_, rhythm_;  // alarms that hold
  std::size_t run_ = 0;                             // ventricular beats in a row
};

// {"beat": {"sample", "time", "aami_class"}} and {"alarm": {"kind", "sample", "time", "value", "text",
// "text_zh"}}; times in seconds.
Json to_json(const StreamBeat& beat, double sampling_frequency);
Json to_json(const StreamAlarm& alarm, double sampling_frequency);

}  // namespace meridian::assistants::ecg
