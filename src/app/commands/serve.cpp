#include "app/commands/commands.h"
#include "app/node.h"
#include "base/log.h"

namespace meridian::app {

void serve(const Configuration& configuration) {
  set_log_level(log_level_of(configuration.log_level));
  Node node(configuration);
  node.start();
  log_info("node-started", {{"address", node.address()}, {"dicom_port", node.dicom_port()}});
  node.run_until_signal();
  log_info("node-stopped");
}

}  // namespace meridian::app
