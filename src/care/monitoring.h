// An ECG that comes from a bedside or a wearable while the case is open: beats and alarms for all who watch,
// alarms in the record until a person has acknowledged them.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "care/context.h"
#include "care/intake.h"
#include "care/monitor.h"
#include "care/monitor_filing.h"

namespace meridian::care {

class Monitoring {
 public:
  Monitoring(const Context& context, const Intake& intake)
      : context_(context), intake_(intake), filing_(context, intake) {}

  // A sender that comes again, of the same account and with the same name, takes its place from the line that
  // it had, and who watched sees on. Throws forbidden, not_found and conflict as Intake::receive does,
  // conflict when another monitors the case already, busy when this node monitors as many as it can,
  // invalid_value for a setup that is none, unavailable when the assistant (ecg) is off or cannot work, and
  // what the ledger throws: nothing is monitored then.
  std::shared_ptr<Monitor> begin(const trust::Principal& principal, const std::string& case_id,
                                 MonitorSetup setup);
  // Keeps the seconds around each of the assistant's alarms in the case, as an ECG. Passes the samples on,
  // and puts the alarms into the record before anybody sees them; what cannot be written is shown at once and
  // written later (monitor_filing.h). Returns and throws as Monitor::add.
  std::size_t add(Monitor& monitor, std::vector<std::vector<float>> samples);
  // To be called each second or so while the line stands. Raises an alarm when the sender says nothing any
  // more. Gives why the monitor must end now: its line was replaced, the case is signed, the sender may not
  // send any more, the assistant is off; stop() it then.
  std::optional<Error> look_after(Monitor& monitor);
  // The sender has ended it, its line broke (lost), or it must end. Where nobody meant it to end, an alarm
  // says so.
  void end(const std::shared_ptr<Monitor>& monitor, bool lost);
  void stop(const std::shared_ptr<Monitor>& monitor, const Error& why);
  // The monitor of a case that the principal may see. Throws not_found, also when nothing is monitored, and
  // forbidden for who is no clinician; so do the next two.
  std::shared_ptr<Monitor> find(const trust::Principal& principal, const std::string& case_id) const;
  // {monitor: its name or null, alarms: [{id, kind, urgency, text, at, value, acknowledgedBy,
  // acknowledgedAt, strip: the instance of the seconds around it, or null}]} of a case, the newest first.
  Json alarms(const trust::Principal& principal, const std::string& case_id) const;
  // A person has seen to it. The second one changes nothing.
  void acknowledge(const trust::Principal& principal, const std::string& case_id,
                   const std::string& alarm_id);

  // Raises an alarm of each monitor that broke off when its node was killed, and starts a thread that does so
  // of other nodes, and writes what could not be written; run_due() does the latter on the caller's thread.
  void start();
  void stop();
  void run_due();

 private:
  std::shared_ptr<Monitor> running(const std::string& case_id) const;
  std::shared_ptr<Monitor> seat_of(const Monitor& monitor) const;
  void take_seat(const std::shared_ptr<Monitor>& monitor, const std::shared_ptr<Monitor>& before);
  void leave(const std::shared_ptr<Monitor>& monitor, bool lost);
  void file_what_came(Monitor& monitor);

  const Context& context_;
  const Intake& intake_;
  MonitorFiling filing_;
  std::mutex beginning_;  // held while a monitor takes its place
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Monitor>> running_;
};

}  // namespace meridian::care
