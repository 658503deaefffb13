#include <cstdio>
#include <string>
#include <vector>

#include "app/commands/commands.h"
#include "app/node_database.h"
#include "app/progress.h"
#include "base/error.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

// Blobs never change and are named by their content: copying those that the target lacks is enough. They are
// copied after the database, so that every blob which the copy of the database names is there; those that are
// removed meanwhile are not needed. The list of them is read to its end first: while it is read, the folder
// is as it was at its beginning.
void copy_blobs(const NodeFolder& from, const NodeFolder& to) {
  const auto source = storage::open_blob_folder(from.blobs());
  const auto target = storage::open_blob_folder(to.blobs());
  std::vector<std::string> digests;
  source->for_each([&](const std::string& digest) { digests.push_back(digest); });
  Progress progress("Copying", "blobs");
  std::int64_t done = 0;
  for (const std::string& digest : digests) {
    try {
      if (!target->contains(digest)) target->put(source->get(digest));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || source->contains(digest)) throw;  // lost, not removed
    }
    progress.show(++done, std::ssize(digests));
  }
  progress.end();
}

void require_sqlite(const Configuration& configuration) {
  if (configuration.database_url.empty()) return;
  throw Error(ErrorCode::not_supported,
              "The record of this node is in PostgreSQL, which is not copied by this program", "database.url",
              "Save it with pg_dump --format=custom --schema=" + configuration.database_schema +
                  ", and then the folders blobs and keys of the data folder; docs/operation.md says how");
}

void require_empty(const NodeFolder& folder) {
  if (fs::exists(folder.root()) && !fs::is_empty(folder.root()))
    throw Error(ErrorCode::conflict, "The folder is not empty", folder.root().string(), "Name a new folder");
}

// The ledger's newest checkpoint lies beside its key; a backup is older than that file may be.
void copy_keys(const NodeFolder& from, const NodeFolder& to) {
  for (const auto& entry : fs::directory_iterator(from.keys()))
    if (entry.path().extension() != ".checkpoint")
      fs::copy_file(entry.path(), to.keys() / entry.path().filename());
}

void copy_node(const NodeFolder& from, const NodeFolder& to) {
  require_node({}, from);
  require_empty(to);
  to.prepare();
  storage::open_database({.path = from.database(), .readers = 1})->backup_to(to.database());
  copy_blobs(from, to);
  copy_keys(from, to);
}

}  // namespace

void backup(const Configuration& configuration, const fs::path& folder) {
  require_sqlite(configuration);
  copy_node(NodeFolder(configuration.data_folder), NodeFolder(folder));
  std::printf("Saved to %s. Keep a copy of keys/ apart from it.\n", folder.c_str());
}

void restore(const Configuration& configuration, const fs::path& folder) {
  require_sqlite(configuration);
  const NodeFolder target(configuration.data_folder);
  copy_node(NodeFolder(folder), target);
  storage::open_database({.path = target.database(), .readers = 1})->check_integrity();
  std::printf("Restored to %s. Start it with meridian serve.\n", target.root().c_str());
}

}  // namespace meridian::app
