// The monitors that run, one row a case, as every start of a node finds them: those whose node ended without
// a word have broken off.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/database.h"

namespace meridian::care {

struct RunningMonitor {
  std::string case_id;
  std::string line;  // of its sender: the same sender may come again on another
  std::string name;
};

std::span<const storage::Migration> monitor_migrations();

// Runs in this process from now on; takes the place of the case's other line.
void note_running(storage::Transaction& transaction, const RunningMonitor& monitor, Instant at);
// Those of this process still run.
void note_alive(storage::Transaction& transaction, Instant at);
// False when another line has taken its place.
bool forget_running(storage::Transaction& transaction, const RunningMonitor& monitor);
// Those whose process is gone, or, of another machine, has said nothing for two minutes.
std::vector<RunningMonitor> broken_off(storage::Connection& connection, Instant at);

}  // namespace meridian::care
