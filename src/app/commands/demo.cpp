#include <cstdio>

#include "app/commands/commands.h"
#include "app/demo/cases.h"
#include "app/demo/region.h"
#include "app/node.h"
#include "app/progress.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/resource.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCompleteMark = "demonstration";  // its content: the seed

// The folder is made whole or not at all: a demonstration that was interrupted is not gone on with.
bool is_complete(const fs::path& folder) {
  if (fs::exists(folder / kCompleteMark)) return true;
  if (!fs::exists(folder) || fs::is_empty(folder)) return false;
  throw Error(ErrorCode::conflict, "The folder holds no finished demonstration", folder.string(),
              "Remove it, or name another with --data-folder");
}

void populate(Core& core, Region& region, const DemoOptions& options) {
  std::printf("Making a county that does not exist: two clinics, a hospital, %zu residents.\n",
              region.patients.size());
  settle(core, region);
  const fs::path data = data_folder();
  std::printf("%s\n", fs::exists(data)
                          ? "Recordings and films are real ones, from the data folder."
                          : "Recordings and films are synthetic: there is no folder of real data.");
  Progress progress("Recording and reading cases", "steps");
  open_demo_cases(core, region, data,
                  [&](std::int64_t done, std::int64_t total) { progress.show(done, total); });
  progress.end();
  write_file(options.data_folder / kCompleteMark, std::to_string(options.seed) + "\n");
}

void welcome(const Node& node, const Region& region) {
  std::printf(
      "\nOpen  %s\nDICOM  127.0.0.1:%d as MERIDIAN\n\nSign in with one of these names; the password of all "
      "is  %s\n",
      node.address().c_str(), node.dicom_port(), region.accounts.front().password.c_str());
  for (const DemoAccount& demo : region.accounts)
    std::printf("  %-9s %s\n", demo.account.username.c_str(), demo.purpose.c_str());
  std::printf(
      "\nFirst: as lin, open the topmost case of the worklist; look at the beats and the draft, accept it, "
      "press\n"
      "Ctrl+Enter to sign. Then, as chen, find the answer on the clinic's home; as audit, verify the "
      "ledger.\n"
      "Ctrl+C ends the node; `make demo` starts it again with what was done.\n\n");
  std::fflush(stdout);
}

}  // namespace

void demo(const DemoOptions& options) {
  const bool complete = is_complete(options.data_folder);
  Configuration configuration;
  configuration.data_folder = options.data_folder.string();
  configuration.database_url = options.database;
  configuration.http_port = options.port;
  configuration.http_tls = false;
  configuration.dicom_port = options.dicom_port;
  set_log_level(LogLevel::warning);
  Region region = make_region(options.seed, now());
  configuration.dicom_organization = region.clinics.front();
  Node node(configuration);
  if (!complete) populate(node.core(), region, options);
  node.start();
  welcome(node, region);
  node.run_until_signal();
}

}  // namespace meridian::app
