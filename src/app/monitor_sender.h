// Sends an ECG to a node while it comes, for as long as it comes: a line that breaks is opened again.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/monitor_line.h"

namespace meridian::app {

class MonitorSender {
 public:
  using Clock = std::chrono::steady_clock;
  // clock: tests put another in its place. Throws what MonitorLine throws.
  MonitorSender(const MonitorTarget& target, std::vector<std::string> leads, double sampling_frequency,
                std::function<Clock::time_point()> clock = Clock::now);
  // Millivolts, by lead; NaN where there are none. When the line breaks, that and the tries to open it again,
  // with back-off (1 s, doubled each time, at most a minute), are in the log, and what comes meanwhile is not
  // sent. Throws what can be no otherwise later: refused when the node wants no more, unauthenticated.
  void send(const std::vector<std::vector<float>>& samples);
  // The signal has ended. Throws as send, and unavailable while the line is broken.
  void finish();

 private:
  void come_again();
  void lose(const Error& why);

  const MonitorTarget target_;
  const std::vector<std::string> leads_;
  const double sampling_frequency_;
  const std::function<Clock::time_point()> clock_;
  std::optional<MonitorLine> line_;
  Clock::time_point came_;  // when the line was opened last
  std::chrono::seconds back_off_{0};
  Clock::time_point next_try_;
  std::size_t unsent_ = 0;  // samples of a lead, since the line broke
};

}  // namespace meridian::app
