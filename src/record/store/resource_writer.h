// One transaction of the record: resources, their index rows, ledger entries and jobs.
#pragma once
#include <span>

#include "record/record.h"
#include "record/store/prepared.h"
#include "record/store/resource_table.h"

namespace meridian::record {

// What every write of a record needs.
struct WriteContext {
  storage::Database& database;
  trust::Ledger& ledger;
  storage::Queue& queue;
  RecordOptions options;
  std::vector<Listener> listeners;
};

class ResourceWriter : public Writer {
 public:
  ResourceWriter(const WriteContext& context, const trust::Principal& principal,
                 storage::Transaction& transaction)
      : context_(context), principal_(principal), transaction_(transaction) {}

  Version create(const Json& resource) override;
  Version update(const Json& resource, std::optional<std::int64_t> expected = {}) override;
  Version remove(const std::string& type, const std::string& id) override;
  Version read(const std::string& type, const std::string& id) override;
  Version read(const std::string& reference) override;
  void audit(trust::LedgerEntry entry) override;
  void enqueue(const std::string& topic, const Json& payload, const std::string& key = {},
               std::chrono::seconds delay = {}) override;
  storage::Transaction& transaction() override { return transaction_; }

  // The same, of what was prepared before. A resource that has the content already is left as it is; so is,
  // by create, one that was created with it and changed or deleted since. Throws conflict when the id is
  // taken by another.
  Version create(const Prepared& prepared);
  Version update(const Prepared& prepared, std::optional<std::int64_t> expected);

 private:
  Version insert(const Prepared& prepared);
  Version replace(const StoredResource& newest, const Prepared& prepared);
  void add_context(const std::string& reference, Ownership& ownership);
  // The owner that it had is kept where it has one.
  Ownership settle_ownership(const Prepared& prepared);
  void require_patients(const std::vector<std::string>& patients, const Prepared& prepared);
  // Who sees a patient: the managing organization, or, where none is named, the one that registered them.
  void settle_access(const Prepared& prepared, const std::optional<std::string>& managed_before);
  void finish(const Version& version, const std::vector<std::string>& patients, const char* action,
              const char* kind);

  const WriteContext& context_;
  const trust::Principal& principal_;
  storage::Transaction& transaction_;
  const Instant moment_ = moment_of_writing();  // one for all that is written together
};

}  // namespace meridian::record
