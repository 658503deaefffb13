#include "care/monitor_spool.h"

#include <algorithm>
#include <system_error>

#include "base/file.h"
#include "base/log.h"

namespace meridian::care {

namespace fs = std::filesystem;

fs::path MonitorSpool::file_of(const FiledByMonitor& what) const {
  std::string name = key_of(what) + ".json";
  std::ranges::replace(name, '/', '-');
  return folder_ / name;
}

bool MonitorSpool::put(const FiledByMonitor& what) const {
  if (folder_.empty()) return false;
  try {
    fs::create_directories(folder_);
    write_file(file_of(what), to_json(what).dump(), 0600);
    return true;
  } catch (const std::exception& error) {
    log_error("monitor-not-spooled", {{"case", what.case_id}, {"error", error.what()}});
    return false;
  }
}

void MonitorSpool::remove(const FiledByMonitor& what) const {
  std::error_code error;
  fs::remove(file_of(what), error);
  if (error) log_error("monitor-not-unspooled", {{"case", what.case_id}, {"error", error.message()}});
}

std::vector<FiledByMonitor> MonitorSpool::all() const {
  std::vector<FiledByMonitor> all;
  std::error_code none;  // no folder: nothing was kept
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, none)) {
    if (entry.path().extension() != ".json") continue;  // one that was never whole
    try {
      all.push_back(filed_by_monitor(Json::parse(read_file(entry.path()))));
    } catch (const std::exception& error) {
      log_error("monitor-spool-unreadable",
                {{"file", entry.path().filename().string()}, {"error", error.what()}});
    }
  }
  return all;
}

}  // namespace meridian::care
