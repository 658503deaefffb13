#include "app/node_database.h"

#include <algorithm>

#include "archive/archive.h"
#include "base/error.h"
#include "care/care.h"
#include "engine/registry.h"
#include "record/record.h"
#include "storage/queue.h"
#include "trust/access.h"
#include "trust/identity.h"
#include "trust/ledger.h"

namespace meridian::app {
namespace {

bool is_applied(storage::Connection& connection, const storage::Migration& migration) {
  return connection.query_first("SELECT 1 FROM migration WHERE room = ? AND number = ?",
                                {migration.room, std::int64_t(migration.number)}, [](const storage::Row&) {});
}

}  // namespace

storage::DatabaseOptions database_options(const Configuration& configuration, const NodeFolder& folder) {
  return {.path = folder.database(),
          .url = configuration.database_url,
          .schema = configuration.database_schema,
          .readers = configuration.database_readers,
          .cache_megabytes = configuration.database_cache_megabytes};
}

void require_node(const Configuration& configuration, const NodeFolder& folder) {
  const bool known =
      configuration.database_url.empty() ? folder.exists() : std::filesystem::exists(folder.ledger_key());
  if (!known)
    throw Error(ErrorCode::not_found, "There is no node in this folder", folder.root().string(),
                "Name it with node.data_folder");
}

std::vector<storage::Migration> node_migrations() {
  std::vector<storage::Migration> all;
  const auto add = [&](const auto& migrations) {
    all.insert(all.end(), migrations.begin(), migrations.end());
  };
  add(storage::Queue::migrations());
  add(trust::Ledger::migrations());
  add(trust::Identity::migrations());
  add(trust::access_migrations());
  add(archive::Archive::migrations());
  add(record::Record::migrations());
  add(engine::Registry::migrations());
  add(care::Care::migrations());
  return all;
}

std::unique_ptr<storage::Database> open_current_database(const Configuration& configuration,
                                                         const NodeFolder& folder) {
  auto database = storage::open_database(database_options(configuration, folder));
  const bool current = database->read([](storage::Connection& connection) {
    return std::ranges::all_of(node_migrations(), [&](const storage::Migration& migration) {
      return is_applied(connection, migration);
    });
  });
  if (!current)
    throw Error(ErrorCode::invalid_configuration, "The node's database is still that of an older version",
                folder.root().string(), "Start the node once with this version, then try again");
  return database;
}

}  // namespace meridian::app
