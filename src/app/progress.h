// A progress bar on standard error, where that is a terminal; silent elsewhere.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace meridian::app {

class Progress {
 public:
  // title: "Importing"; unit: "files".
  Progress(std::string title, std::string unit);
  // Drawn at most ten times a second. total 0: not known yet.
  void show(std::int64_t done, std::int64_t total);
  void end();  // clears the line

 private:
  std::string title_, unit_;
  bool terminal_;
  std::chrono::steady_clock::time_point started_, drawn_{};
};

}  // namespace meridian::app
