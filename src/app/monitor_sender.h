// Sends an ECG to a node while it comes: the other end of doors/http/monitor_routes.cpp.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "network/web_socket_client.h"

namespace meridian::app {

struct MonitorTarget {
  std::string node;                       // https://clinic.example; http:// to this machine alone
  std::string case_id;                    // that it is for
  std::string user;                       // who signs in
  std::filesystem::path password_file;    // its first line
  std::filesystem::path authorities;      // PEM, beside those of the system; empty: none
  std::string name = "meridian monitor";  // of the monitor, as the console shows it
};

class MonitorSender {
 public:
  // Signs in and begins. Throws invalid_value for the address, unauthenticated, unavailable, and what the
  // node says.
  MonitorSender(const MonitorTarget& target, const std::vector<std::string>& leads,
                double sampling_frequency);
  // Millivolts, by lead; NaN where there are none. Throws unavailable when the line is broken, with what the
  // node said last.
  void send(const std::vector<std::vector<float>>& samples);
  // The signal has ended.
  void finish();

 private:
  void hear();

  std::unique_ptr<network::WebSocketClient> socket_;
};

}  // namespace meridian::app
