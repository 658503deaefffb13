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
constexpr std::string_view kExtraction = "5";
constexpr std::int64_t kBatch = 500;

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

std::string indexed_with(storage::Connection& connection) {
  std::string value;
  connection.query("SELECT value FROM index_state WHERE name = 'definitions'", {},
                   [&](const storage::Row& row) { value = row.text(0); });
  return value;
}

IndexRows rows_of(const Version& version, const RecordOptions& options) {
  const Json resource = Json::parse(version.body);
  return index_rows_of(resource, extract(resource), options.base_url);
}

// The key of the last resource of the batch, 0 when there was none.
std::int64_t index_batch(storage::Transaction& transaction, std::int64_t after,
                         const RecordOptions& options) {
  std::vector<std::int64_t> keys;
  transaction.query("SELECT key FROM resource WHERE key > ? ORDER BY key LIMIT ?", {after, kBatch},
                    [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  IndexBatch batch;
  for (const std::int64_t key : keys) {
    const StoredResource stored = *find_by_key(transaction, key);
    erase_index_rows(transaction, key, stored.version.body);
    if (!stored.version.deleted)
      batch.add(key, std::make_shared<const IndexRows>(rows_of(stored.version, options)));
  }
  batch.insert(transaction);
  return keys.empty() ? 0 : keys.back();
}

}  // namespace

void reindex_when_needed(storage::Database& database, const RecordOptions& options) {
  const std::string current = fingerprint();
  if (database.read(indexed_with) == current) return;
  std::int64_t done = 0, last = 0;
  do {
    last = database.write(
        [&](storage::Transaction& transaction) { return index_batch(transaction, last, options); });
    done += last != 0;
  } while (last != 0);
  database.write([&](storage::Transaction& transaction) {
    transaction.execute(
        "INSERT INTO index_state VALUES ('definitions', ?) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        {current});
  });
  if (done > 0) log_info("record-indexed-again", {{"batches", done}});
}

}  // namespace meridian::record
