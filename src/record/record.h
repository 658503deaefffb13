// The patient's record: every fact is a FHIR R4 resource, every version is kept.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "record/store/precondition.h"
#include "storage/database.h"
#include "storage/queue.h"
#include "trust/ledger.h"
#include "trust/principal.h"

namespace meridian::record {

struct Version {
  std::string type, id;
  std::int64_t number = 1;  // meta.versionId
  Instant last_updated{};
  bool deleted = false;
  bool created = false;  // true when this write made the resource, for 201 against 200
  std::string body;      // JSON text with id and meta; empty when deleted
  std::string reference() const { return type + "/" + id; }
};

// Query parameters in their order, decoded.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// FHIR's operations (record/operations/operation.h), as their addresses ask for them.
struct OperationCall {
  std::string type, id;  // of the address; empty where it names none
  Parameters query;      // of the address, without what is about the format
  Json body = {};        // a resource, FHIR's Parameters among them; null when there is none
};

// What a client wants back of each that it writes (FHIR R4, 3.1.0.1.4).
enum class Returned { minimal, representation, outcome };

// Facts written together: resources, ledger entries and queue entries of one act. All or none is kept.
class Writer {
 public:
  virtual ~Writer() = default;
  // The resource gets a new id unless keep_id is given and it has one. Throws invalid_structure and
  // invalid_value with the FHIRPath of what is wrong, forbidden.
  virtual Version create(const Json& resource) = 0;
  // Also creates when there is none. expected: the version it was made from (If-Match); throws
  // precondition_failed when that is no longer the newest.
  virtual Version update(const Json& resource, std::optional<std::int64_t> expected = {}) = 0;
  virtual Version remove(const std::string& type, const std::string& id) = 0;
  // The newest version, including what this writer has written. Throws not_found, gone.
  virtual Version read(const std::string& type, const std::string& id) = 0;
  virtual Version read(const std::string& reference) = 0;  // "Patient/123"
  // A ledger entry beside those that each write makes; a job, of one topic and key one at a time in work.
  virtual void audit(trust::LedgerEntry entry) = 0;
  virtual void enqueue(const std::string& topic, const Json& payload, const std::string& key = {},
                       std::chrono::seconds delay = {}) = 0;
  virtual storage::Transaction& transaction() = 0;
};

// Called in the transaction of each write; may write more, and throws to undo all of it.
using Listener = std::function<void(Writer&, const Version&)>;

struct RecordOptions {
  std::string base_url = "http://127.0.0.1:8080/fhir";
  int default_page = 50, largest_page = 1000;
  std::size_t largest_resource = 16u << 20;
  std::vector<std::filesystem::path> packages = {};  // folders of FHIR packages: profiles, value sets
  bool check_profiles = false;  // what is written must conform to the profiles that it claims (meta.profile)
  bool cross_origin = false;    // pages of other origins are let in, as the CapabilityStatement says
};

class BulkData;
class Subscriptions;

class Record {
 public:
  static std::span<const storage::Migration> migrations();
  Record(storage::Database& database, trust::Ledger& ledger, storage::Queue& queue,
         const RecordOptions& options = {});
  ~Record();

  // All that the function writes is one transaction: durable together when this returns.
  void write(const trust::Principal& principal, const std::function<void(Writer&)>& function);
  void on_write(Listener listener);  // before the first write

  Version create(const trust::Principal& principal, const Json& resource,
                 const std::string& if_none_exist = {});
  // precondition: of the newest version; throws precondition_failed.
  Version update(const trust::Principal& principal, const Json& resource,
                 const Precondition& precondition = {});
  Version remove(const trust::Principal& principal, const std::string& type, const std::string& id,
                 const Precondition& precondition = {});
  // patch: a JSON Patch (an array) or a FHIRPath Patch (Parameters), of the newest version that the principal
  // may see. It is made again when others write meanwhile. Throws also what record/patch/patch.h says.
  Version patch(const trust::Principal& principal, const std::string& type, const std::string& id,
                const Json& patch, const Precondition& precondition = {});
  // The same on the one resource of the type that meets the search; exactly once, however many do it at the
  // same time. Throws precondition_failed when several meet it. An update creates when none does, a patch is
  // then not_found, and a removal gives nothing.
  Version update_where(const trust::Principal& principal, const Json& resource, const Parameters& condition,
                       const Precondition& precondition = {});
  std::optional<Version> remove_where(const trust::Principal& principal, const std::string& type,
                                      const Parameters& condition, const Precondition& precondition = {});
  Version patch_where(const trust::Principal& principal, const std::string& type, const Parameters& condition,
                      const Json& patch, const Precondition& precondition = {});
  // What the principal may not see is not_found.
  Version read(const trust::Principal& principal, const std::string& type, const std::string& id);
  Version read_version(const trust::Principal& principal, const std::string& type, const std::string& id,
                       std::int64_t number);

  // Bundles, as JSON text. type empty: of all types, or of those in _type; for a search also in a
  // compartment, "Patient/ID/Observation" or "Patient/ID/*". id empty: of the type.
  std::string search(const trust::Principal& principal, const std::string& type,
                     const Parameters& parameters);
  std::string history(const trust::Principal& principal, const std::string& type, const std::string& id,
                      const Parameters& parameters);
  // The operation of the name ("expand"), a resource as JSON text. Throws not_supported where there is none,
  // and what the operation throws.
  std::string operate(const trust::Principal& principal, std::string_view name, const OperationCall& call);
  // A Bundle of type transaction or batch; gives the response Bundle. Throws for a transaction when any entry
  // that writes fails; what cannot be read, and what fails in a batch, is told in its entry.
  Json execute(const trust::Principal& principal, const Json& bundle, Returned returned = Returned::minimal);
  // For the other rooms: all matches as resources, not as a Bundle.
  std::vector<Json> find(const trust::Principal& principal, const std::string& type,
                         const Parameters& parameters);

  const RecordOptions& options() const;
  BulkData& bulk();                // $export and $import (record/bulk/bulk_data.h)
  Subscriptions& subscriptions();  // record/subscriptions/subscriptions.h

  // An OperationOutcome: its issues, empty of errors when the resource conforms to R4.
  Json validate(const Json& resource) const;
  const Json& capability_statement() const;  // made at the first call
  Json terminology_capabilities() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::record
