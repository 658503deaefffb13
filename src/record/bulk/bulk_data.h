// FHIR's asynchronous requests (R4 async.html; HL7 Bulk Data Access 2.0): $export and $import, and whatever
// else is asked for with Prefer: respond-async. The work is done piece by piece through the durable queue,
// each piece in one transaction with how far it has come: a node that stops in between goes on where it was.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "record/bulk/bulk_jobs.h"
#include "record/record.h"
#include "record/store/kept_principal.h"
#include "record/store/resource_writer.h"

namespace meridian::record {

struct BulkStatus {
  bool done = false;
  std::string progress;  // for people: "1200 resources"
  Json manifest;         // when done, without the files' URLs (BulkFile.number is "file")
};

class BulkData {
 public:
  BulkData(const WriteContext& context, Record& record) : context_(context), record_(record) {}
  ~BulkData() { stop(); }

  // Begins the export of all that the principal may see: everything, of all patients (call.type "Patient"),
  // or of the members of a Group. Parameters: _since, _type, _typeFilter, _elements, patient, _outputFormat,
  // and handling as Prefer says it. request: the URL, for the manifest. Returns the job's id. Throws
  // invalid_request, invalid_value, forbidden, not_found.
  std::string begin_export(const trust::Principal& principal, const OperationCall& call,
                           const std::string& request);
  // Begins to write the resources, one a line, each as an update by its id, with the principal's rights.
  std::string begin_import(const trust::Principal& principal, const std::string& ndjson,
                           const std::string& request);
  // A search, all its pages; an operation; a Bundle. What is wrong with them, their status says, but for a
  // search that is not understood and an operation that there is not.
  std::string begin_search(const trust::Principal& principal, const std::string& type,
                           const Parameters& parameters, const std::string& request);
  std::string begin_operation(const trust::Principal& principal, std::string_view name,
                              const OperationCall& call, const std::string& request);
  std::string begin_execution(const trust::Principal& principal, const Json& bundle, Returned returned,
                              const std::string& request);
  // All three throw not_found for what is not the principal's own. A job that failed throws why.
  BulkStatus status(const trust::Principal& principal, const std::string& id) const;
  BulkFile file(const trust::Principal& principal, const std::string& id, int number) const;
  void cancel(const trust::Principal& principal, const std::string& id);

  // Does the next piece that is due, in this thread, with the rights that the account has now; false when
  // there is none. What an account asked for that is no longer active fails.
  bool run_one(const AccountNow& account);
  void start(AccountNow account);  // a thread that does so
  void stop();

 private:
  void work(const AccountNow& account);
  void begin(const BulkJob& job, const std::vector<BulkFile>& files);
  BulkJob require_own(storage::Connection& connection, const trust::Principal& principal,
                      const std::string& id) const;
  // One piece: brings the job's progress up to date and returns the files that it made.
  std::vector<BulkFile> do_piece(BulkJob& job, int attempt);
  // That the patients' resources were handed out.
  void note_export(storage::Transaction& transaction, const BulkJob& job, const BulkFile& file) const;
  void note(const BulkJob& job, const char* kind, const std::string& entity) const;

  const WriteContext& context_;
  Record& record_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::record
