// One ECG while it comes from a bedside or a wearable, and who watches it.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "engine/live/signal_stream.h"
#include "signal/recording.h"
#include "trust/principal.h"

namespace meridian::care {

struct MonitorSetup {
  std::string name;  // of the device, as people call it: "Bed 3"
  std::vector<std::string> leads;
  double sampling_frequency = 0;  // Hz
};

// An alarm of a monitor, and who has acknowledged it.
struct MonitorAlarm {
  std::string id;  // of its DetectedIssue
  engine::StreamAlarm alarm;
  Instant at{};
  bool by_assistant = true;          // else the node's own: of the line, not of the heart
  std::string acknowledged_by = {};  // display; empty: nobody yet
};

// The seconds around an alarm, to be kept.
struct MonitorStrip {
  MonitorAlarm alarm;
  signal::Recording recording;
};

// One signal while it comes. Safe from any thread.
class Monitor {
 public:
  // Is told each message (docs/console-api.md) on the thread that brought it about; must not block. False: it
  // is gone.
  using Watcher = std::function<bool(const std::string& message)>;

  // at: now. Times tell when a sender has fallen silent.
  Monitor(MonitorSetup setup, std::string case_id, trust::Principal sender,
          std::unique_ptr<engine::SignalStream> stream, Instant at);

  const std::string& case_id() const { return case_id_; }
  const std::string& line() const { return line_; }  // tells its sender's lines apart
  const MonitorSetup& setup() const { return setup_; }
  const trust::Principal& sender() const { return sender_; }

  // What comes next, in millivolts, of at most a second. Everybody who watches sees the samples, and the
  // beats found; alarms wait to be taken. What is no body's voltage (signal::is_sample) is missing: returns
  // how many such samples there were, but for NaN. Throws invalid_value as SignalStream::add does, and for
  // more than a second at once.
  std::size_t add(std::vector<std::vector<float>> samples, Instant at);
  // An alarm of the node's own.
  void raise(engine::StreamAlarm alarm, Instant at);
  // Alarms that nobody has taken yet, each for one caller, who files and shows them.
  std::vector<MonitorAlarm> take_alarms();
  // Strips of the assistant's alarms whose seconds have come (at the end, as many as came), likewise.
  std::vector<MonitorStrip> take_strips();
  // To who watches, once.
  void show(const MonitorAlarm& alarm);
  void show_acknowledged(const std::string& alarm_id, const std::string& by);
  // Whether nothing has come for some seconds: true once, until something comes again.
  bool falls_silent(Instant at);
  bool is_silent() const;
  // The signal has ended, or its line broke.
  void end(bool lost);
  // Ends; who watches and what waits goes on with the other, which takes its place.
  void hand_over(Monitor& next);

  // Is first told what the monitor is, the last seconds and the alarms that nobody has acknowledged.
  void watch(Watcher watcher);
  bool ended() const;

 private:
  // Under the mutex.
  void tell(const std::string& message);
  void keep_recent(const std::vector<std::vector<float>>& samples);
  void cut_strip();
  std::int64_t samples_of(double seconds) const;
  void tell_beats(const std::vector<engine::StreamBeat>& beats);
  std::string beginning() const;

  const MonitorSetup setup_;
  const std::string case_id_, line_;
  const trust::Principal sender_;
  const std::unique_ptr<engine::SignalStream> stream_;
  mutable std::mutex mutex_;
  std::vector<Watcher> watchers_;
  std::vector<std::vector<float>> recent_;  // by lead, of the last seconds
  std::int64_t come_ = 0;                   // samples
  std::deque<engine::StreamBeat> beats_;    // of the last seconds
  std::vector<MonitorAlarm> open_alarms_, untaken_;
  std::deque<std::pair<MonitorAlarm, std::int64_t>> uncut_;  // alarms with the sample at which they were told
  std::vector<MonitorStrip> strips_;
  Instant heard_;
  bool silent_ = false, ended_ = false, lost_ = false;
};

// {id, kind, urgency, text: localized, sample, value, at, acknowledgedBy}, as docs/console-api.md describes
// it.
Json to_json(const MonitorAlarm& alarm);

}  // namespace meridian::care
