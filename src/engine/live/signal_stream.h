// Beats and alarms of a signal while it comes, as an assistant tells them.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/finding.h"

namespace meridian::engine {

struct StreamBeat {
  std::int64_t sample = 0;  // from the stream's beginning
  char aami_class = 'N';    // ANSI/AAMI EC57
};

struct StreamAlarm {
  std::string kind;  // a constant: asystole, tachycardia, ...
  LocalizedText text;
  Urgency urgency = Urgency::today;
  std::int64_t from = 0;  // the sample since which it holds
  double value = 0;       // s without a beat or signal, beats a minute, beats of the run, or probability
};

struct StreamEvents {
  std::vector<StreamBeat> beats;
  std::vector<StreamAlarm> alarms;
};

// What it keeps does not grow with the length of the stream. For one thread at a time.
class SignalStream {
 public:
  virtual ~SignalStream() = default;
  // The next samples in millivolts, by lead, of one length; NaN where there are none, and what is no body's
  // voltage (signal::is_sample) counts as none. Throws invalid_value
  // when they are of another number of leads or differ in length.
  virtual StreamEvents add(std::span<const std::vector<float>> samples) = 0;
};

// What an assistant is, beside engine::Assistant, that reads a signal while it comes.
class SignalFollower {
 public:
  virtual ~SignalFollower() = default;
  // Follows a signal of these leads; the assistant outlives what it gives. Throws invalid_value for what is
  // no such signal, and what Assistant::run throws.
  virtual std::unique_ptr<SignalStream> follow(const std::vector<std::string>& leads,
                                               double sampling_frequency) const = 0;
};

// {"beat": {"sample", "time", "aami_class"}} and {"alarm": {"kind", "sample", "time", "value", "urgency",
// "text", "text_zh"}}; times in seconds.
Json to_json(const StreamBeat& beat, double sampling_frequency);
Json to_json(const StreamAlarm& alarm, double sampling_frequency);

}  // namespace meridian::engine
