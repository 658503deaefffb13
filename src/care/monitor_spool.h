// What monitors have filed while neither the record nor the queue took anything, as files of a folder: it
// outlasts a node that is killed then.
#pragma once
#include <filesystem>
#include <vector>

#include "care/filed_by_monitor.h"

namespace meridian::care {

class MonitorSpool {
 public:
  // The folder is made when it is needed. Empty: nothing is kept.
  explicit MonitorSpool(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Durable when it returns true; false where it cannot be, which is logged.
  bool put(const FiledByMonitor& what) const;
  void remove(const FiledByMonitor& what) const;
  // All of them; what cannot be read is logged, and stays.
  std::vector<FiledByMonitor> all() const;

 private:
  std::filesystem::path file_of(const FiledByMonitor& what) const;

  std::filesystem::path folder_;
};

}  // namespace meridian::care
