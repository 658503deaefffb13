#include "record/store/resource_table.h"

#include <chrono>
#include <map>

#include "base/error.h"
#include "record/store/body.h"

namespace meridian::record {
namespace {

const std::string kStored = "SELECT " + std::string(kStoredColumns) + " FROM resource r WHERE ";
const std::string kById = kStored + "r.type = ? AND r.id = ?";
const std::string kByKey = kStored + "r.key = ?";

// Looked up together; as many as may be in memory at once.
constexpr std::size_t kTogether = 32;

void insert_patients(storage::Transaction& transaction, std::int64_t key,
                     const std::vector<std::string>& patients) {
  for (const std::string& patient : patients)
    transaction.send("INSERT INTO resource_patient VALUES (?, ?)", {key, patient});
}

void keep_in_history(storage::Transaction& transaction, std::int64_t key) {
  transaction.send(
      "INSERT INTO resource_history"
      " SELECT key, version, updated, deleted, audience, body FROM resource WHERE key = ?",
      {key});
}

std::int64_t audience_value(const Ownership& ownership) {
  return static_cast<std::int64_t>(ownership.audience);
}

storage::Value owner_value(const Ownership& ownership) {
  if (ownership.owner.empty()) return nullptr;
  return ownership.owner;
}

}  // namespace

Version version_of(const storage::Row& row, int first) {
  Version version;
  version.type = row.text(first);
  version.id = row.text(first + 1);
  version.number = row.integer(first + 2);
  version.last_updated = to_instant(row.integer(first + 3));
  version.deleted = row.integer(first + 4) != 0;
  if (!version.deleted)
    version.body = body_of(version.type, version.id, version.number, version.last_updated,
                           decompress_content(row.text(first + 5)));
  return version;
}

StoredResource stored_of(const storage::Row& row) {
  return {row.integer(0), version_of(row, 1)};
}

std::int64_t to_micros(Instant time) {
  return time.time_since_epoch().count();
}
Instant to_instant(std::int64_t micros) {
  return Instant(std::chrono::microseconds(micros));
}
Instant moment_of_writing() {
  return std::chrono::floor<std::chrono::milliseconds>(now());
}

std::optional<StoredResource> find_newest(storage::Connection& connection, std::string_view type,
                                          std::string_view id) {
  std::optional<StoredResource> found;
  connection.query_first(kById, {type, id}, [&](const storage::Row& row) { found = stored_of(row); });
  return found;
}

std::optional<StoredResource> find_by_key(storage::Connection& connection, std::int64_t key) {
  std::optional<StoredResource> found;
  connection.query_first(kByKey, {key}, [&](const storage::Row& row) { found = stored_of(row); });
  return found;
}

void for_each_by_key(storage::Connection& connection, std::span<const std::int64_t> keys,
                     const std::function<void(StoredResource&&)>& each) {
  static const std::string sql = [] {
    std::string text = kStored + "r.key IN (?";
    for (std::size_t i = 1; i < kTogether; ++i) text += ", ?";
    return text + ")";
  }();
  for (; !keys.empty(); keys = keys.subspan(std::min(kTogether, keys.size()))) {
    const auto batch = keys.first(std::min(kTogether, keys.size()));
    std::vector<storage::Value> values(batch.begin(), batch.end());
    values.resize(kTogether, batch.back());
    std::map<std::int64_t, StoredResource> found;
    connection.run(sql, values, [&](const storage::Row& row) {
      found.emplace(row.integer(0), stored_of(row));
      return true;
    });
    for (const std::int64_t key : batch) {
      const auto one = found.find(key);
      if (one == found.end())
        throw Error(ErrorCode::corrupted, "An index row points to no resource", std::to_string(key));
      each(std::move(one->second));
    }
  }
}

std::optional<Version> find_version(storage::Connection& connection, const StoredResource& newest,
                                    std::int64_t number) {
  if (newest.version.number == number) return newest.version;
  std::optional<Version> found;
  connection.query_first(
      "SELECT r.type, r.id, h.version, h.updated, h.deleted, h.body FROM resource_history h"
      " JOIN resource r ON r.key = h.resource WHERE h.resource = ? AND h.version = ?",
      {newest.key, number}, [&](const storage::Row& row) { found = version_of(row); });
  return found;
}

std::optional<Ownership> ownership_of(storage::Connection& connection, const std::string& type,
                                      const std::string& id) {
  std::optional<Ownership> found;
  std::int64_t key = 0;
  connection.query_first(
      "SELECT key, audience, owner FROM resource WHERE type = ? AND id = ?", {type, id},
      [&](const storage::Row& row) {
        key = row.integer(0);
        found = Ownership{{}, static_cast<Audience>(row.integer(1)), std::string(row.text(2))};
      });
  if (found) found->patients = patients_of_stored(connection, key);
  return found;
}

std::vector<std::string> patients_of_stored(storage::Connection& connection, std::int64_t key) {
  std::vector<std::string> patients;
  connection.query("SELECT patient FROM resource_patient WHERE resource = ?", {key},
                   [&](const storage::Row& row) { patients.emplace_back(row.text(0)); });
  return patients;
}

// (RETURNING would make SQLite keep a journal for each row.)
std::int64_t newest_key(storage::Connection& connection) {
  std::int64_t key = 0;
  connection.query("SELECT MAX(key) FROM resource", {},
                   [&](const storage::Row& row) { key = row.integer(0); });
  return key;
}

std::set<std::pair<std::string, std::string>> known_among(
    storage::Connection& connection,
    std::span<const std::pair<std::string_view, std::string_view>> resources) {
  static const std::string sql = [] {
    std::string text = "SELECT r.type, r.id FROM (SELECT column1 AS type, column2 AS id FROM (VALUES (?, ?)";
    for (std::size_t i = 1; i < kTogether; ++i) text += ", (?, ?)";
    return text + ") listed) asked CROSS JOIN resource r ON r.type = asked.type AND r.id = asked.id";
  }();
  std::set<std::pair<std::string, std::string>> known;
  for (; !resources.empty(); resources = resources.subspan(std::min(kTogether, resources.size()))) {
    const auto batch = resources.first(std::min(kTogether, resources.size()));
    std::vector<storage::Value> values;
    for (std::size_t i = 0; i < kTogether; ++i) {
      const auto& [type, id] = batch[std::min(i, batch.size() - 1)];
      values.insert(values.end(), {type, id});
    }
    connection.run(sql, values, [&](const storage::Row& row) {
      known.emplace(row.text(0), row.text(1));
      return true;
    });
  }
  return known;
}

void insert_resource(storage::Transaction& transaction, std::int64_t key, const Prepared& prepared,
                     const Ownership& ownership, const Version& version) {
  transaction.send(
      "INSERT INTO resource (key, type, id, version, updated, deleted, audience, owner, body)"
      " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)",
      {key, prepared.type, prepared.id, version.number, to_micros(version.last_updated),
       audience_value(ownership), owner_value(ownership), storage::Blob{prepared.compressed}});
  insert_patients(transaction, key, ownership.patients);
}

void replace_resource(storage::Transaction& transaction, const StoredResource& newest,
                      const Prepared& prepared, const Ownership& ownership, const Version& version) {
  const std::int64_t key = newest.key;
  keep_in_history(transaction, key);
  transaction.send(
      "UPDATE resource SET version = ?, updated = ?, deleted = 0, audience = ?, owner = ?, body = ?"
      " WHERE key = ?",
      {version.number, to_micros(version.last_updated), audience_value(ownership), owner_value(ownership),
       storage::Blob{prepared.compressed}, key});
  erase_index_rows(transaction, key, newest.version.body);
  transaction.send("DELETE FROM resource_patient WHERE resource = ?", {key});
  insert_patients(transaction, key, ownership.patients);
}

void delete_resource(storage::Transaction& transaction, const StoredResource& newest,
                     const Version& version) {
  keep_in_history(transaction, newest.key);
  transaction.send("UPDATE resource SET version = ?, updated = ?, deleted = 1, body = '' WHERE key = ?",
                   {version.number, to_micros(version.last_updated), newest.key});
  erase_index_rows(transaction, newest.key, newest.version.body);
}

}  // namespace meridian::record
