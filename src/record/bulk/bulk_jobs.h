// The rows of long work on many resources: what was asked for, how far it has come, what it has made.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::record {

extern const std::string_view kBulkSchema;

struct BulkJob {
  enum class State { running, done, failed };
  std::string id, kind;  // "export", "import", and those of request_piece.h
  trust::Principal principal;
  Json request;   // what was asked for, as the kind understands it
  Json progress;  // how far it has come, likewise
  State state = State::running;
  std::string failure;  // why it failed
  Instant started;
};

// An NDJSON file that a job has made ("output", "error") or still has to read ("input").
struct BulkFile {
  int number = 0;
  std::string role, type, text;  // type: of the resources in it; text: empty in lists
  std::int64_t count = 0;        // of resources
  // Of an export that was just made: how many of them are about which patient.
  std::map<std::string, std::int64_t> patients = {};
};

void insert_job(storage::Transaction& transaction, const BulkJob& job);
// Its progress, state and failure. False when the job is gone: it was cancelled.
bool update_job(storage::Transaction& transaction, const BulkJob& job);
std::optional<BulkJob> find_job(storage::Connection& connection, const std::string& id);
void erase_job(storage::Transaction& transaction, const std::string& id);
// Those that ended before, with their files.
void erase_jobs_before(storage::Transaction& transaction, Instant moment);

void insert_file(storage::Transaction& transaction, const std::string& job, const BulkFile& file);
void erase_file(storage::Transaction& transaction, const std::string& job, int number);
std::optional<BulkFile> find_file(storage::Connection& connection, const std::string& job, int number);
// Without their text, by number.
std::vector<BulkFile> list_files(storage::Connection& connection, const std::string& job);

}  // namespace meridian::record
