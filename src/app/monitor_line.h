// A line on which an ECG goes to a node while it comes: the other end of doors/http/monitor_routes.cpp.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
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

// One line, as long as it stands.
class MonitorLine {
 public:
  // Signs in and begins. Throws invalid_value for the address; refused when the node does not want this
  // monitor, in its words; unauthenticated for a wrong password; unavailable, timed_out and locked_out for
  // what may be otherwise later.
  MonitorLine(const MonitorTarget& target, const std::vector<std::string>& leads, double sampling_frequency);
  // Millivolts, by lead; NaN where there are none. Signs in again where the node asks for it: a session does
  // not last for ever. Throws refused when the node wants no more, in its words, else unavailable and
  // timed_out: the line is broken.
  void send(const std::vector<std::vector<float>>& samples);
  // The signal has ended. Throws as send.
  void finish();

 private:
  void say(const Json& what);
  void hear();
  void hear(const Json& said);
  void renew();
  [[noreturn]] void fail(const std::string& why) const;

  const MonitorTarget target_;
  std::unique_ptr<network::WebSocketClient> socket_;
  std::optional<Error> refused_;  // why the node closes the line, as soon as it has said so
};

}  // namespace meridian::app
