#include <array>
#include <cstdio>

#include "app/bench/archive_bench.h"
#include "app/bench/ecg_bench.h"
#include "app/bench/film_bench.h"
#include "app/bench/http_bench.h"
#include "app/bench/imaging_bench.h"
#include "app/bench/node_bench.h"
#include "app/bench/record_bench.h"
#include "app/commands/commands.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

struct Named {
  std::string_view name;
  int (*run)(const BenchOptions&);
};
constexpr std::array<Named, 7> kBenches{{{"node", bench_node},
                                         {"record", bench_record},
                                         {"http", bench_http},
                                         {"archive", bench_archive},
                                         {"ecg", bench_ecg},
                                         {"film", bench_film},
                                         {"imaging", bench_imaging}}};

// A folder that goes with what is in it, on the disk of the folder from which the bench is started.
class WorkFolder {
 public:
  WorkFolder() : path_(fs::absolute("bench-" + new_id())) { fs::create_directories(path_); }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

int bench(const std::string& name, BenchOptions options) {
  set_log_level(LogLevel::error);
  if (!options.features.empty()) fs::create_directories(options.features);
  int status = 0;
  for (const Named& one : kBenches) {
    if (name != "all" && name != one.name) continue;
    const WorkFolder work;
    options.work = work.path();
    status = std::max(status, one.run(options));
  }
  return status;
}

}  // namespace meridian::app
