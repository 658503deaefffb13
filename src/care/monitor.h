// One ECG while it comes from a bedside or a wearable, and who watches it.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/live/signal_stream.h"

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
  std::string acknowledged_by;  // display; empty: nobody yet
};

// One signal while it comes. Safe from any thread.
class Monitor {
 public:
  // Is told each message (docs/console-api.md) on the thread that brought it about; must not block. False: it
  // is gone.
  using Watcher = std::function<bool(const std::string& message)>;

  Monitor(MonitorSetup setup, std::string case_id, std::unique_ptr<engine::SignalStream> stream);

  const std::string& case_id() const { return case_id_; }
  const MonitorSetup& setup() const { return setup_; }

  // What comes next, in millivolts, of at most a second. Everybody who watches sees the samples, and the
  // beats found. Gives the alarms, which are shown when they are in the record. Throws invalid_value as
  // SignalStream::add does, and for more than a second at once.
  std::vector<engine::StreamAlarm> add(const std::vector<std::vector<float>>& samples);
  void show(const MonitorAlarm& alarm);
  void show_acknowledged(const std::string& alarm_id, const std::string& by);
  // The signal has ended, or its line broke.
  void end(bool lost);

  // Is first told what the monitor is, the last seconds and the alarms that nobody has acknowledged.
  void watch(Watcher watcher);
  bool ended() const;

 private:
  void tell(const std::string& message);  // under the mutex
  std::string beginning() const;

  const MonitorSetup setup_;
  const std::string case_id_;
  const std::unique_ptr<engine::SignalStream> stream_;
  mutable std::mutex mutex_;
  std::vector<Watcher> watchers_;
  std::vector<std::vector<float>> recent_;  // by lead, of the last seconds
  std::int64_t come_ = 0;                   // samples
  std::deque<engine::StreamBeat> beats_;    // of the last seconds
  std::vector<MonitorAlarm> open_alarms_;
  bool ended_ = false;
};

// {id, kind, urgency, text: localized, sample, value, at, acknowledgedBy}, as docs/console-api.md describes
// it.
Json to_json(const MonitorAlarm& alarm);

}  // namespace meridian::care
