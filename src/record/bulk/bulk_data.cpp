#include "record/bulk/bulk_data.h"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "record/bulk/export_piece.h"
#include "record/bulk/import_piece.h"
#include "record/bulk/request_piece.h"
#include "record/operations/operation.h"
#include "record/query/search_request.h"

namespace meridian::record {
namespace {

const std::string kTopic = "record.bulk";
constexpr std::chrono::hours kKept{24};  // after the end

bool may_pass(ErrorCode code) {
  return code == ErrorCode::busy || code == ErrorCode::storage_full || code == ErrorCode::unavailable ||
         code == ErrorCode::timed_out;
}

Json manifest_of(const BulkJob& job, const std::vector<BulkFile>& files) {
  Json output = Json::array(), errors = Json::array();
  for (const BulkFile& file : files) {
    if (file.role == "input") continue;
    (file.role == "error" ? errors : output)
        .push_back(
            Json::object({{"type", file.type}, {"file", std::int64_t{file.number}}, {"count", file.count}}));
  }
  return Json::object({{"transactionTime", format_instant(job.started)},
                       {"request", job.request.text("request")},
                       {"requiresAccessToken", true},
                       {"output", std::move(output)},
                       {"error", std::move(errors)}});
}

BulkJob new_job(const char* kind, const trust::Principal& principal, Json request, Json progress) {
  BulkJob job;
  job.id = new_id();
  job.kind = kind;
  job.principal = principal;
  job.request = std::move(request);
  job.progress = std::move(progress);
  job.started = moment_of_writing();
  return job;
}

}  // namespace

std::string BulkData::begin_export(const trust::Principal& principal, const OperationCall& call,
                                   const std::string& request) {
  Json asked = context_.database.read([&](storage::Connection& connection) {
    return export_request(connection, principal, call, context_.options);
  });
  asked["request"] = request;
  const BulkJob job = new_job("export", principal, std::move(asked), export_start());
  begin(job, {});
  return job.id;
}

std::string BulkData::begin_import(const trust::Principal& principal, const std::string& ndjson,
                                   const std::string& request) {
  const std::vector<BulkFile> files = import_files(ndjson);
  const BulkJob job =
      new_job("import", principal, Json::object({{"request", request}}), import_start(files.size()));
  begin(job, files);
  return job.id;
}

std::string BulkData::begin_search(const trust::Principal& principal, const std::string& type,
                                   const Parameters& parameters, const std::string& request) {
  context_.database.read([&](storage::Connection& connection) {
    parse_search(connection, type, parameters, context_.options, principal);
  });
  Json asked = search_request(type, parameters);
  asked["request"] = request;
  const BulkJob job = new_job(kSearchLater, principal, std::move(asked),
                              Json::object({{"cursor", ""}, {"files", 0}, {"count", 0}}));
  begin(job, {});
  return job.id;
}

std::string BulkData::begin_operation(const trust::Principal& principal, std::string_view name,
                                      const OperationCall& call, const std::string& request) {
  find_operation(name, call);
  Json asked = operation_request(name, call);
  asked["request"] = request;
  const BulkJob job = new_job(kOperateLater, principal, std::move(asked), Json::object({{"count", 0}}));
  begin(job, {});
  return job.id;
}

std::string BulkData::begin_execution(const trust::Principal& principal, const Json& bundle,
                                      Returned returned, const std::string& request) {
  Json asked = execution_request(bundle, returned);
  asked["request"] = request;
  const BulkJob job = new_job(kExecuteLater, principal, std::move(asked), Json::object({{"count", 0}}));
  begin(job, {});
  return job.id;
}

void BulkData::begin(const BulkJob& job, const std::vector<BulkFile>& files) {
  note(job, "fhir.search", "$" + job.kind);
  context_.database.write([&](storage::Transaction& transaction) {
    erase_jobs_before(transaction, now() - kKept);
    insert_job(transaction, job);
    for (const BulkFile& file : files) insert_file(transaction, job.id, file);
    context_.queue.add(transaction, kTopic, Json::object({{"job", job.id}}), job.id);
  });
}

void BulkData::note(const BulkJob& job, const char* kind, const std::string& entity) const {
  trust::LedgerEntry entry;
  entry.action = "E";
  entry.kind = kind;
  entry.entity = entity;
  entry.detail = Json::object({{"job", job.id}});
  context_.ledger.append_soon(job.principal, std::move(entry));
}

BulkJob BulkData::require_own(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& id) const {
  std::optional<BulkJob> job = find_job(connection, id);
  if (!job || job->principal.user != principal.user)
    throw Error(ErrorCode::not_found, "There is no such request, or it ended more than a day ago");
  return std::move(*job);
}

BulkStatus BulkData::status(const trust::Principal& principal, const std::string& id) const {
  return context_.database.read([&](storage::Connection& connection) {
    const BulkJob job = require_own(connection, principal, id);
    if (job.state == BulkJob::State::failed) throw Error(ErrorCode::refused, job.failure);
    BulkStatus status;
    status.done = job.state == BulkJob::State::done;
    status.progress = job.progress.get("count").number_text() + " resources";
    if (status.done) status.manifest = manifest_of(job, list_files(connection, id));
    return status;
  });
}

BulkFile BulkData::file(const trust::Principal& principal, const std::string& id, int number) const {
  const auto found = context_.database.read([&](storage::Connection& connection) {
    const BulkJob job = require_own(connection, principal, id);
    note(job, "fhir.read", "$" + job.kind + "/" + std::to_string(number));
    return find_file(connection, id, number);
  });
  if (!found || found->role == "input") throw Error(ErrorCode::not_found, "There is no such file");
  return *found;
}

void BulkData::cancel(const trust::Principal& principal, const std::string& id) {
  context_.database.write([&](storage::Transaction& transaction) {
    require_own(transaction, principal, id);
    erase_job(transaction, id);
  });
}

void BulkData::note_export(storage::Transaction& transaction, const BulkJob& job,
                           const BulkFile& file) const {
  for (const auto& [patient, resources] : file.patients) {
    trust::LedgerEntry entry;
    entry.action = "R";
    entry.kind = "fhir.read";
    entry.patient = patient;
    entry.entity = "$export/" + std::to_string(file.number);
    entry.detail = Json::object({{"job", job.id}, {"type", file.type}, {"resources", resources}});
    context_.ledger.append(transaction, job.principal, std::move(entry));
  }
}

std::vector<BulkFile> BulkData::do_piece(BulkJob& job, int attempt) {
  if (job.kind == "import") return import_piece(context_.database, record_, job);
  if (job.kind != "export") return request_piece(record_, job, attempt);
  return context_.database.read(
      [&](storage::Connection& connection) { return export_piece(connection, job, context_.options); });
}

bool BulkData::run_one(const AccountNow& account) {
  const auto taken = context_.queue.take(kTopic);
  if (!taken) return false;
  const std::string id = taken->payload.text("job");
  std::optional<BulkJob> job =
      context_.database.read([&](storage::Connection& connection) { return find_job(connection, id); });
  std::vector<BulkFile> made;
  if (job) {
    try {
      const std::optional<trust::Principal> asker = account(job->principal);
      if (!asker) throw Error(ErrorCode::forbidden, "The account that asked for it is no longer active");
      job->principal = *asker;
      made = do_piece(*job, taken->attempt);
    } catch (const Error& error) {
      if (may_pass(error.code())) {
        context_.queue.fail(*taken, error.what());
        return true;
      }
      job->state = BulkJob::State::failed;
      job->failure = error.what();
    }
  }
  context_.database.write([&](storage::Transaction& transaction) {
    context_.queue.finish(transaction, *taken);
    if (!job || !update_job(transaction, *job)) return;  // it was cancelled
    for (const BulkFile& file : made) {
      if (file.role == "input") {
        erase_file(transaction, id, file.number);  // was read
      } else {
        insert_file(transaction, id, file);
        note_export(transaction, *job, file);
      }
    }
    if (job->state == BulkJob::State::running) context_.queue.add(transaction, kTopic, taken->payload, id);
  });
  return true;
}

void BulkData::start(AccountNow account) {
  thread_ = std::thread([this, account = std::move(account)] { work(account); });
}

void BulkData::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void BulkData::work(const AccountNow& account) {
  constexpr std::chrono::milliseconds kLookAgain{200};  // also how soon stop() is noticed
  while (!stopping_) {
    try {
      if (!run_one(account)) context_.queue.wait(kLookAgain);
    } catch (const std::exception& error) {
      log_error("bulk-piece-lost", {{"reason", error.what()}});  // the piece stays, and its lease runs out
      context_.queue.wait(kLookAgain);
    }
  }
}

}  // namespace meridian::record
