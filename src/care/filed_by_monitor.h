// What a monitor has filed, and how jobs and files keep it.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"
#include "care/monitor.h"
#include "signal/recording.h"
#include "trust/principal.h"

namespace meridian::care {

// An alarm of a case's monitor, or the strip of one.
struct FiledByMonitor {
  std::string case_id;
  MonitorAlarm alarm;
  std::optional<signal::Recording> strip = {};
  trust::Principal sender = {};  // of a strip
};

// Tells alarms and strips from each other and their like: "alarm/ID", "strip/ID".
std::string key_of(const FiledByMonitor& what);
Json to_json(const FiledByMonitor& what);
// Throws as Json does for what to_json has not made.
FiledByMonitor filed_by_monitor(const Json& json);

}  // namespace meridian::care
