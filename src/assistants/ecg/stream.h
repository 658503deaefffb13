// Beats (classes N, V, F and Q of AAMI EC57; those of class S are told as N) and alarms of an ECG while it
// comes, for monitors at the bedside and wearables. Mains are taken off before beats are looked for.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assistants/ecg/models.h"
#include "engine/live/signal_stream.h"
#include "signal/recording.h"

namespace meridian::assistants::ecg {

using engine::StreamAlarm;
using engine::StreamBeat;
using engine::StreamEvents;

enum class AlarmKind { no_signal, asystole, bradycardia, tachycardia, ventricular_run, fibrillation };
// "no-signal", "asystole", ... as StreamAlarm::kind has it.
const char* name_of(AlarmKind kind);

class EcgStream : public engine::SignalStream {
 public:
  // Between a beat's sample and the last that had come when it is told, but for the size of the pieces; what
  // comes within the first seconds, or the first after a loss of the signal, is told at their end.
  static constexpr double kLongestDelay = 0.9, kLearning = 3;  // s

  // threshold: of suspected atrial fibrillation. models must outlive this. Throws invalid_value when there is
  // no lead or the sampling frequency is not one of an ECG.
  EcgStream(const Models& models, std::vector<std::string> leads, double sampling_frequency,
            double threshold);

  StreamEvents add(std::span<const std::vector<float>> samples) override;

  std::size_t kept() const { return kept_.length(); }  // samples a lead, of a minute at most

 private:
  void step(StreamEvents& events);
  signal::Recording latest(double seconds) const;
  signal::Recording without_mains(signal::Recording part) const;
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
  std::int64_t settled_ = 0;                        // beats up to here may be told
  std::int64_t looked_until_ = 0;                   // and up to here they have been
  std::deque<StreamBeat> beats_;                    // of the last samples kept, and a few before
  std::int64_t next_stretch_ = 0;                   // where the next look at the rhythm ends
  double last_probability_ = 0;                     // of fibrillation, in the stretch before
  std::optional<AlarmKind> pulse_, rate_, rhythm_;  // alarms that hold
  std::int64_t silent_until_ = 0;                   // up to here no signal came, for a second at least
  std::int64_t lost_until_ = 0;                     // the same, so long that it was told
  std::size_t run_ = 0;                             // ventricular beats in a row
  bool run_told_ = false;                           // that they are fast
};

}  // namespace meridian::assistants::ecg
