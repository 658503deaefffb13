// An ECG that comes from a bedside or a wearable while the case is open: beats and alarms for all who watch,
// alarms in the record until a person has acknowledged them.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "care/context.h"
#include "care/intake.h"
#include "care/monitor.h"

namespace meridian::care {

class Monitoring {
 public:
  Monitoring(const Context& context, const Intake& intake) : context_(context), intake_(intake) {}

  // Throws forbidden, not_found and conflict as Intake::receive does, conflict when the case is being
  // monitored already, busy when this node monitors as many as it can, invalid_value for a setup that is
  // none, unavailable when the assistant (ecg) is off or cannot work.
  std::shared_ptr<Monitor> begin(const trust::Principal& principal, const std::string& case_id,
                                 MonitorSetup setup);
  // Passes the samples on, and puts the alarms into the record before anybody sees them.
  void add(Monitor& monitor, const std::vector<std::vector<float>>& samples) const;
  // The signal's sender is gone.
  void end(const std::shared_ptr<Monitor>& monitor, bool lost);
  // The monitor of a case that the principal may see. Throws not_found, also when nothing is monitored, and
  // forbidden for who is no clinician; so do the next two.
  std::shared_ptr<Monitor> find(const trust::Principal& principal, const std::string& case_id) const;
  // {monitor: its name or null, alarms: [{id, kind, urgency, text, at, value, acknowledgedBy,
  // acknowledgedAt}]} of a case, the newest first.
  Json alarms(const trust::Principal& principal, const std::string& case_id) const;
  // A person has seen to it. The second one changes nothing.
  void acknowledge(const trust::Principal& principal, const std::string& case_id,
                   const std::string& alarm_id) const;

 private:
  std::shared_ptr<Monitor> running(const std::string& case_id) const;
  MonitorAlarm file(const Monitor& monitor, const engine::StreamAlarm& alarm) const;

  const Context& context_;
  const Intake& intake_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Monitor>> running_;
};

}  // namespace meridian::care
