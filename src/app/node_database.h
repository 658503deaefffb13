// The database of a node: a file of its folder, or a PostgreSQL that its configuration names.
#pragma once
#include <memory>
#include <vector>

#include "app/configuration.h"
#include "app/node_folder.h"
#include "storage/database.h"

namespace meridian::app {

storage::DatabaseOptions database_options(const Configuration& configuration, const NodeFolder& folder);
// Throws not_found when there was no node here before.
void require_node(const Configuration& configuration, const NodeFolder& folder);
// Of all rooms, in the order in which they are applied.
std::vector<storage::Migration> node_migrations();
// Without changing it: another version of the program may be running on it. Throws invalid_configuration,
// saying what to do, when it lacks what this version applies at its start.
std::unique_ptr<storage::Database> open_current_database(const Configuration& configuration,
                                                         const NodeFolder& folder);

}  // namespace meridian::app
