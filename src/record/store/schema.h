// The record's tables.
//
// A resource has one row in `resource`, with its newest version; older versions are in `resource_history`.
// Bodies are compressed with one of the dictionaries in `body_dictionary` (body.h).
// What it is found by is in one table a kind of search parameter: clustered by resource (to check and to
// erase) and indexed by field, value and resource (to find). Its patients are in `resource_patient`, for who
// may see it.
#pragma once
#include <span>

#include "storage/database.h"

namespace meridian::record {

std::span<const storage::Migration> record_migrations();
// The tables of index rows: each has the columns resource and field.
std::span<const std::string_view> index_tables();

}  // namespace meridian::record
