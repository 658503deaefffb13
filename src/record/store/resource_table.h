// The rows of resources, their histories and their patients.
#pragma once
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "record/record.h"
#include "record/store/prepared.h"

namespace meridian::record {

struct StoredResource {
  std::int64_t key = 0;
  Version version;
};

// Whose a stored resource is. What is about a patient is its patients'; other clinical content is the
// organization's that wrote it, or the person's where they have none.
struct Ownership {
  std::vector<std::string> patients;
  Audience audience = Audience::care_team;
  std::string owner;  // "Organization/…", "Patient/…"; empty where there are patients, or for everyone
};

// Of a row r of resource; stored_of reads them.
inline constexpr std::string_view kStoredColumns =
    "r.key, r.type, r.id, r.version, r.updated, r.deleted, r.body";
StoredResource stored_of(const storage::Row& row);

// The newest version, also of what was deleted.
std::optional<StoredResource> find_newest(storage::Connection& connection, std::string_view type,
                                          std::string_view id);
std::optional<StoredResource> find_by_key(storage::Connection& connection, std::int64_t key);
// One after another, in the order of the keys given, each of which must be there: throws corrupted.
void for_each_by_key(storage::Connection& connection, std::span<const std::int64_t> keys,
                     const std::function<void(StoredResource&&)>& each);
// Any version, by its number.
std::optional<Version> find_version(storage::Connection& connection, const StoredResource& newest,
                                    std::int64_t number);
std::vector<std::string> patients_of_stored(storage::Connection& connection, std::int64_t key);
std::optional<Ownership> ownership_of(storage::Connection& connection, const std::string& type,
                                      const std::string& id);

// The largest key that a row has, 0 when there is none. One writes at a time and rows are never removed: the
// next is free.
std::int64_t newest_key(storage::Connection& connection);
// Those of the resources, by type and id, that have a row.
std::set<std::pair<std::string, std::string>> known_among(
    storage::Connection& connection,
    std::span<const std::pair<std::string_view, std::string_view>> resources);
// key: a free one. Its index rows are the caller's to insert.
void insert_resource(storage::Transaction& transaction, std::int64_t key, const Prepared& prepared,
                     const Ownership& ownership, const Version& version);
// Moves what was newest into the history, and erases its index rows.
void replace_resource(storage::Transaction& transaction, const StoredResource& newest,
                      const Prepared& prepared, const Ownership& ownership, const Version& version);
// The same; its patients stay: they are who may see its history.
void delete_resource(storage::Transaction& transaction, const StoredResource& newest, const Version& version);

// What the columns "type, id, version, updated, deleted, body", from the first given, say.
Version version_of(const storage::Row& row, int first = 0);
std::int64_t to_micros(Instant time);
Instant to_instant(std::int64_t micros);
// Now, in whole milliseconds, as meta.lastUpdated can say it.
Instant moment_of_writing();

}  // namespace meridian::record
