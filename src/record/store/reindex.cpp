#include "record/store/reindex.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/log.h"
#include "record/definitions/definitions.h"
#include "record/store/index_batch.h"
#include "record/store/resource_table.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

// To be raised when the same definitions give other index rows than before. Other words need a migration that
// empties word_index, too: its rows are erased by the words that they would be now.
constexpr std::string_view kExtraction = "6";
constexpr std::int64_t kBatch = 500;
constexpr std::string_view kDefinitions = "definitions",
                           kProgress = "progress";  // rows of index_state

std::string fingerprint() {
  Sha256 hash;
  hash.update(kExtraction);
  for (const std::string_view type : resource_types())
    for (const SearchParameter* parameter : search_parameters(type)) {
      hash.update(std::to_string(field_of(type, *parameter)));
      hash.update(parameter->code);
      hash.update(parameter->expression);
    }
  return to_hex(hash.finish());
}

// Of index_state; empty where there is none.
std::string state_of(storage::Connection& connection, std::string_view name) {
  std::string value;
  connection.query("SELECT value FROM index_state WHERE name = ?", {name},
                   [&](const storage::Row& row) { value = row.text(0); });
  return value;
}

void keep_state(storage::Transaction& transaction, std::string_view name, std::string_view value) {
  transaction.execute(
      "INSERT INTO index_state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {name, value});
}

IndexRows rows_of(const Version& version, const RecordOptions& options) {
  const Json resource = Json::parse(version.body);
  return index_rows_of(resource, extract(resource), options.base_url);
}

// The keys of the next resources after one, of a batch.
std::vector<std::int64_t> next_keys(storage::Transaction& transaction, std::int64_t after) {
  std::vector<std::int64_t> keys;
  transaction.query("SELECT key FROM resource WHERE key > ? ORDER BY key LIMIT ?", {after, kBatch},
                    [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  return keys;
}

void index_again(storage::Transaction& transaction, const std::vector<std::int64_t>& keys,
                 const RecordOptions& options) {
  IndexBatch batch;
  for (const std::int64_t key : keys) {
    const StoredResource stored = *find_by_key(transaction, key);
    erase_index_rows(transaction, key, stored.version.body);
    if (!stored.version.deleted)
      batch.add(key, std::make_shared<const IndexRows>(rows_of(stored.version, options)));
  }
  batch.insert(transaction);
}

// How far resources are indexed with these definitions: the key of the last, 0 when none is.
std::int64_t reached(storage::Connection& connection, const std::string& current) {
  const std::string progress = state_of(connection, kProgress);
  const auto blank = progress.find(' ');
  const bool same = blank != std::string::npos && progress.substr(0, blank) == current;
  return same ? std::stoll(progress.substr(blank + 1)) : 0;
}

// False when all are done. Where it has come to is kept with the rows: who is interrupted, or shares the work
// with another node, goes on there.
bool index_batch(storage::Transaction& transaction, const std::string& current,
                 const RecordOptions& options) {
  if (state_of(transaction, kDefinitions) == current) return false;
  const std::vector<std::int64_t> keys = next_keys(transaction, reached(transaction, current));
  if (keys.empty()) {
    keep_state(transaction, kDefinitions, current);
    transaction.execute("DELETE FROM index_state WHERE name = ?", {kProgress});
    return false;
  }
  index_again(transaction, keys, options);
  keep_state(transaction, kProgress, current + " " + std::to_string(keys.back()));
  return true;
}

}  // namespace

void reindex_when_needed(storage::Database& database, const RecordOptions& options) {
  const std::string current = fingerprint();
  std::int64_t from = 0;
  const bool up_to_date = database.read([&](storage::Connection& connection) {
    from = reached(connection, current);
    return state_of(connection, kDefinitions) == current;
  });
  if (up_to_date) return;
  if (from > 0) log_info("record-indexing-resumed", {{"after", from}});
  std::int64_t done = 0;
  while (database.write(
      [&](storage::Transaction& transaction) { return index_batch(transaction, current, options); }))
    ++done;
  if (done > 0) log_info("record-indexed-again", {{"batches", done}});
}

}  // namespace meridian::record
