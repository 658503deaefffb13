#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/node_folder.h"
#include "app/progress.h"
#include "base/error.h"
#include "storage/database.h"
#include "trust/ledger.h"

namespace meridian::app {

int verify(const Configuration& configuration) {
  const NodeFolder folder(configuration.data_folder);
  if (!folder.exists())
    throw Error(ErrorCode::not_found, "There is no node in this folder", folder.root().string(),
                "Name it with node.data_folder");
  const auto database = storage::open_database({.path = folder.database(), .readers = 1});
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
