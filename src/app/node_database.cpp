#include "app/node_database.h"

#include "base/error.h"

namespace meridian::app {

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

}  // namespace meridian::app
