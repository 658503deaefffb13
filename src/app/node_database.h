// The database of a node: a file of its folder, or a PostgreSQL that its configuration names.
#pragma once
#include "app/configuration.h"
#include "app/node_folder.h"
#include "storage/database.h"

namespace meridian::app {

storage::DatabaseOptions database_options(const Configuration& configuration, const NodeFolder& folder);
// Throws not_found when there was no node here before.
void require_node(const Configuration& configuration, const NodeFolder& folder);

}  // namespace meridian::app
