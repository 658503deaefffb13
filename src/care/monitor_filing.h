// What monitors say, on its way into the record: alarms, and the seconds around them. What cannot be written
// becomes a job, which is tried again with back-off and at last parked where a person sees it; where not even
// a job can be written, it is kept here, and in a file where there is a folder for that, and tried again too.
#pragma once
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "care/context.h"
#include "care/filed_by_monitor.h"
#include "care/intake.h"
#include "care/monitor.h"
#include "care/monitor_spool.h"
#include "care/monitor_table.h"

namespace meridian::care {

class MonitorFiling {
 public:
  MonitorFiling(const Context& context, const Intake& intake)
      : context_(context), intake_(intake), spool_(context.owed_folder) {}
  ~MonitorFiling() { stop(); }

  // Into the record, or kept and tried again as said above. The same alarm or strip twice is one.
  void file(FiledByMonitor what);
  // An alarm that somebody acknowledges must be in the record: tried now where it is not.
  void file_now(const std::string& alarm_id);
  // The monitor runs no more, and what is to be said of that is filed: a start of the node need not say it.
  void forget(RunningMonitor monitor);

  // Takes up what was kept in files, and says of the monitors that broke off with their node that they did,
  // by an alarm of each; then starts a thread that does what is due, and tells other nodes that this one's
  // monitors run.
  void start();
  void stop();
  // What is due now, on the caller's thread.
  void run_due();
  void raise_broken_off();

 private:
  // From the moment it is to be filed until it is.
  struct Kept {
    FiledByMonitor what;
    int attempt = 0;  // those that failed
    Instant due = {};
    bool in_work = true;  // then its worker alone takes it off the list, and nobody drops it
    bool in_spool = false;
  };

  bool try_to_file(const FiledByMonitor& what) const;
  void write(const FiledByMonitor& what) const;
  void write_alarm(const std::string& case_id, const MonitorAlarm& alarm) const;
  void run(const storage::Job& job) const;
  void raise_broken_off(const RunningMonitor& monitor) const;
  void file_kept(std::list<Kept>::iterator kept);
  void file_kept(const std::function<bool(const Kept&)>& is_wanted);
  void take_up_spool();
  void drop_surplus();  // under the mutex
  void forget_ended();
  void try_to_forget_ended();
  void work(const std::stop_token& stop);

  const Context& context_;
  const Intake& intake_;
  const MonitorSpool spool_;
  std::mutex mutex_;
  std::list<Kept> kept_;
  std::vector<RunningMonitor> ended_;  // to be forgotten
  std::jthread thread_;
};

}  // namespace meridian::care
