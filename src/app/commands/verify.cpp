#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/node_database.h"
#include "app/progress.h"
#include "base/error.h"
#include "trust/ledger.h"

namespace meridian::app {

int verify(const Configuration& configuration) {
  const NodeFolder folder(configuration.data_folder);
  require_node(configuration, folder);
  const auto database = storage::open_database(database_options(configuration, folder));
  const trust::Ledger ledger(*database, {.signing_key_file = folder.ledger_key().string()});
  Progress progress("Checking the ledger", "entries");
  const trust::LedgerVerdict verdict =
      ledger.verify([&](std::int64_t done, std::int64_t total) { progress.show(done, total); });
  progress.end();
  std::printf("%s\n  entries      %lld\n  checkpoints  %lld with a good signature\n  root         %s\n",
              verdict.what.c_str(), static_cast<long long>(verdict.entries),
              static_cast<long long>(verdict.checkpoints), verdict.root.c_str());
  return verdict.intact ? 0 : traits(ErrorCode::corrupted).exit_code;
}

}  // namespace meridian::app
