// A node with its doors open.
#pragma once
#include <memory>
#include <string>
#include <thread>

#include "app/configuration.h"
#include "app/core.h"

namespace meridian::app {

class Node {
 public:
  // Opens the rooms; the doors stay shut until start().
  explicit Node(const Configuration& configuration);
  ~Node();  // stops

  Core& core();
  // Opens the doors and starts the workers. Throws unavailable when a port is taken.
  void start();
  // Shuts the doors, finishes what runs, ends the workers.
  void stop();
  // Returns after SIGTERM or SIGINT, when stop() has been done.
  void run_until_signal();

  std::string address() const;  // "http://127.0.0.1:8080/", once started
  int http_port() const;
  int dicom_port() const;  // 0 when the DICOM door is not opened

 private:
  struct Doors;
  const Configuration configuration_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Doors> doors_;
  std::jthread orders_;     // reads those of series that came before the index held them
  std::jthread retention_;  // removes what is kept no longer
};

}  // namespace meridian::app
