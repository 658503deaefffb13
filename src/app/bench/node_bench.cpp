#include "app/bench/node_bench.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "app/bench/figures.h"
#include "base/error.h"

namespace meridian::app {
namespace {

constexpr const char* kProgram = "/proc/self/exe";
constexpr std::string_view kTakesRequests = "Open ";  // what the demonstration prints then

// This program as a child with its standard output read here; ended with SIGTERM.
class Demonstration {
 public:
  Demonstration(const std::filesystem::path& data, const std::filesystem::path& folder) {
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw Error(ErrorCode::unavailable, "No pipe to a child process");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    const std::string data_variable = "MERIDIAN_DATA=" + data.string(), to = folder.string();
    std::array<const char*, 9> arguments{"meridian", "demo",          "--port",   "0",    "--dicom-port",
                                         "0",        "--data-folder", to.c_str(), nullptr};
    std::array<const char*, 2> environment{data_variable.c_str(), nullptr};
    const int failed =
        posix_spawn(&process_, kProgram, &actions, nullptr, const_cast<char* const*>(arguments.data()),
                    const_cast<char* const*>(environment.data()));
    posix_spawn_file_actions_destroy(&actions);
    close(pipe[1]);
    output_ = fdopen(pipe[0], "r");
    if (failed != 0) process_ = 0;
  }
  ~Demonstration() {
    if (process_ > 0) {
      kill(process_, SIGTERM);
      waitpid(process_, nullptr, 0);
    }
    std::fclose(output_);
  }
  Demonstration(const Demonstration&) = delete;
  Demonstration& operator=(const Demonstration&) = delete;

  void wait_until_it_takes_requests() {
    std::array<char, 512> line;
    while (std::fgets(line.data(), static_cast<int>(line.size()), output_))
      if (std::string_view(line.data()).starts_with(kTakesRequests)) return;
    throw Error(ErrorCode::unavailable, "The demonstration node ended before it took requests", {},
                "Start `meridian demo` to see why");
  }

  double resident_mebibytes() const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    throw Error(ErrorCode::unavailable, "The demonstration node has ended");
  }

 private:
  pid_t process_ = 0;
  std::FILE* output_ = nullptr;
};

void add_start(Figures& figures, const std::string& which, const BenchOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  Demonstration node(options.data, options.work / "demonstration");
  node.wait_until_it_takes_requests();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  figures.add(which + " until it takes requests", taken.count(), "s", 2);
  figures.add(which + ", resident memory", node.resident_mebibytes(), "MiB");
}

}  // namespace

int bench_node(const BenchOptions& options) {
  Figures figures("node");
  add_start(figures, "first start", options);
  add_start(figures, "later start", options);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
