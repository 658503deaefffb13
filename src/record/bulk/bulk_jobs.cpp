#include "record/bulk/bulk_jobs.h"

#include "record/store/kept_principal.h"
#include "record/store/resource_table.h"

namespace meridian::record {
namespace {

BulkFile file_of(const storage::Row& row) {
  return {static_cast<int>(row.integer(0)),
          std::string(row.text(1)),
          std::string(row.text(2)),
          {},
          row.integer(3)};
}

}  // namespace

const std::string_view kBulkSchema = R"sql(
CREATE TABLE bulk_job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  principal TEXT NOT NULL,
  request TEXT NOT NULL,
  progress TEXT NOT NULL,
  state INTEGER NOT NULL,
  failure TEXT NOT NULL,
  started INTEGER NOT NULL,
  updated INTEGER NOT NULL);

CREATE TABLE bulk_file (
  job TEXT NOT NULL,
  number INTEGER NOT NULL,
  role TEXT NOT NULL,
  type TEXT NOT NULL,
  count INTEGER NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (job, number));
)sql";

void insert_job(storage::Transaction& transaction, const BulkJob& job) {
  const std::string principal = kept_principal(job.principal).dump(), request = job.request.dump(),
                    progress = job.progress.dump();
  transaction.execute(
      "INSERT INTO bulk_job (id, kind, principal, request, progress, state, failure, started,"
      " updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {job.id, job.kind, principal, request, progress, static_cast<std::int64_t>(job.state), job.failure,
       to_micros(job.started), to_micros(now())});
}

bool update_job(storage::Transaction& transaction, const BulkJob& job) {
  const std::string progress = job.progress.dump();
  return transaction.execute(
             "UPDATE bulk_job SET progress = ?, state = ?, failure = ?, updated = ? WHERE id = ?",
             {progress, static_cast<std::int64_t>(job.state), job.failure, to_micros(now()), job.id}) > 0;
}

std::optional<BulkJob> find_job(storage::Connection& connection, const std::string& id) {
  std::optional<BulkJob> job;
  connection.query_first(
      "SELECT kind, principal, request, progress, state, failure, started FROM bulk_job WHERE id = ?", {id},
      [&](const storage::Row& row) {
        job.emplace(BulkJob{id, std::string(row.text(0)), principal_of(Json::parse(row.text(1))),
                            Json::parse(row.text(2)), Json::parse(row.text(3)),
                            static_cast<BulkJob::State>(row.integer(4)), std::string(row.text(5)),
                            to_instant(row.integer(6))});
      });
  return job;
}

void erase_job(storage::Transaction& transaction, const std::string& id) {
  transaction.execute("DELETE FROM bulk_file WHERE job = ?", {id});
  transaction.execute("DELETE FROM bulk_job WHERE id = ?", {id});
}

void erase_jobs_before(storage::Transaction& transaction, Instant moment) {
  std::vector<std::string> ids;
  transaction.query("SELECT id FROM bulk_job WHERE state <> ? AND updated < ?",
                    {static_cast<std::int64_t>(BulkJob::State::running), to_micros(moment)},
                    [&](const storage::Row& row) { ids.emplace_back(row.text(0)); });
  for (const std::string& id : ids) erase_job(transaction, id);
}

void insert_file(storage::Transaction& transaction, const std::string& job, const BulkFile& file) {
  transaction.execute(
      "INSERT INTO bulk_file (job, number, role, type, count, text) VALUES (?, ?, ?, ?, ?, ?)",
      {job, std::int64_t{file.number}, file.role, file.type, file.count, storage::Blob{file.text}});
}

void erase_file(storage::Transaction& transaction, const std::string& job, int number) {
  transaction.execute("DELETE FROM bulk_file WHERE job = ? AND number = ?", {job, std::int64_t{number}});
}

std::optional<BulkFile> find_file(storage::Connection& connection, const std::string& job, int number) {
  std::optional<BulkFile> file;
  connection.query_first("SELECT number, role, type, count, text FROM bulk_file WHERE job = ? AND number = ?",
                         {job, std::int64_t{number}}, [&](const storage::Row& row) {
                           file = file_of(row);
                           file->text = row.text(4);
                         });
  return file;
}

std::vector<BulkFile> list_files(storage::Connection& connection, const std::string& job) {
  std::vector<BulkFile> files;
  connection.query("SELECT number, role, type, count FROM bulk_file WHERE job = ? ORDER BY number", {job},
                   [&](const storage::Row& row) { files.push_back(file_of(row)); });
  return files;
}

}  // namespace meridian::record
