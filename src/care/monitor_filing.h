// What monitors say, on its way into the record: alarms, and the seconds around them. What cannot be written
// becomes a job, which is tried again with back-off and at last parked where a person sees it; where not even
// a job can be written, it is kept here and tried again with back-off too.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "care/context.h"
#include "care/intake.h"
#include "care/monitor.h"
#include "care/monitor_table.h"

namespace meridian::care {

// An alarm of a case's monitor, or the strip of one.
struct FiledByMonitor {
  std::string case_id;
  MonitorAlarm alarm;
  std::optional<signal::Recording> strip = {};
  trust::Principal sender = {};  // of a strip
};

class MonitorFiling {
 public:
  MonitorFiling(const Context& context, const Intake& intake) : context_(context), intake_(intake) {}
  ~MonitorFiling() { stop(); }

  // Into the record, or kept and tried again as said above. The same alarm or strip twice is one.
  void file(FiledByMonitor what);
  // An alarm that somebody acknowledges must be in the record: tried now where it is not.
  void file_now(const std::string& alarm_id);
  // The monitor runs no more, and what is to be said of that is filed: a start of the node need not say it.
  void forget(RunningMonitor monitor);

  // Says of the monitors that broke off with their node that they did, by an alarm of each; then starts a
  // thread that does what is due, and tells other nodes that this one's monitors run.
  void start();
  void stop();
  // What is due now, on the caller's thread.
  void run_due();
  void raise_broken_off();

 private:
  struct Kept {
    FiledByMonitor what;
    int attempt = 1;
    Instant due;
  };

  bool try_to_file(const FiledByMonitor& what) const;
  void write(const FiledByMonitor& what) const;
  void write_alarm(const std::string& case_id, const MonitorAlarm& alarm) const;
  void run(const storage::Job& job) const;
  void raise_broken_off(const RunningMonitor& monitor) const;
  void keep(Kept kept);
  void file_kept(const std::function<bool(const Kept&)>& is_wanted);
  void forget_ended();
  void work(const std::stop_token& stop);

  const Context& context_;
  const Intake& intake_;
  std::mutex mutex_;
  std::vector<Kept> kept_;
  std::vector<RunningMonitor> ended_;  // to be forgotten
  std::jthread thread_;
};

}  // namespace meridian::care
