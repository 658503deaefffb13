// One transaction of the record: resources, their index rows, ledger entries and jobs.
#pragma once
#include <map>
#include <set>
#include <span>

#include "record/record.h"
#include "record/store/index_batch.h"
#include "record/store/precondition.h"
#include "record/store/prepared.h"
#include "record/store/resource_table.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {

// A resource as a transaction leaves it.
struct Change {
  enum class Kind : std::int64_t { created, updated, removed };
  std::int64_t key = 0;
  std::string type, id;
  std::int64_t version = 1;
  Kind kind = Kind::created;
};

// Told of changes within their transaction: once their index rows are there, or, of what is removed, while
// they still are. May write more, and throws to undo all.
class ChangeWatcher {
 public:
  virtual ~ChangeWatcher() = default;
  virtual void changed(storage::Transaction& transaction, const trust::Principal& principal,
                       const std::vector<Change>& changes) = 0;
};

// What every write of a record needs.
struct WriteContext {
  storage::Database& database;
  trust::Ledger& ledger;
  storage::Queue& queue;
  RecordOptions options;
  std::vector<Listener> listeners;
  ChangeWatcher* watcher = nullptr;
  const CanonicalSource* packaged = nullptr;  // conformance resources that are not stored

  // Where options.check_profiles is set: throws invalid_value for what does not conform to a profile that it
  // claims.
  void require_profiles(storage::Connection& connection, const Json& resource) const;
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
  // For any statement: it sees all that was written before.
  storage::Transaction& transaction() override {
    insert_rows();
    append_entries();
    in_care_.clear();
    return transaction_;
  }
  // To be called last.
  void settle();
  // Looks for them at once, so that they are not looked for one by one.
  void expect(std::span<const std::pair<std::string_view, std::string_view>> resources);

  // The same, of what was prepared before. A resource that has the content already is left as it is; so is,
  // by create, one that was created with it and changed or deleted since. Throws conflict when the id is
  // taken by another.
  Version create(const Prepared& prepared);
  Version update(const Prepared& prepared, const Precondition& condition);

 private:
  void insert_rows() { batch_.insert(transaction_); }
  void append_entries();
  std::optional<StoredResource> find_newest_of(const Prepared& prepared);
  Version insert(const Prepared& prepared);
  Version replace(const StoredResource& newest, const Prepared& prepared);
  void add_context(const std::string& reference, Ownership& ownership);
  // The owner that it had is kept where it has one.
  Ownership settle_ownership(const Prepared& prepared, bool is_new);
  void require_patients(const std::vector<std::string>& patients, const Prepared& prepared);
  // Who sees a patient: the managing organization, or, where none is named, the one that registered them.
  void settle_access(const Prepared& prepared, const std::optional<std::string>& managed_before);
  // Before the index rows of a resource are erased.
  void insert_rows_of(std::int64_t key);
  void note(const Version& version, const std::vector<std::string>& patients, const char* action,
            const char* kind);
  void note_change(std::int64_t key, const Version& version);

  const WriteContext& context_;
  const trust::Principal& principal_;
  storage::Transaction& transaction_;
  IndexBatch batch_;
  std::int64_t newest_key_ = 0;                                 // 0: not looked for yet
  std::set<std::pair<std::string, std::string>> known_absent_;  // resources, by type and id
  std::set<std::string> in_care_;                               // patients whom the principal may write about
  std::vector<trust::LedgerEntry> entries_;                     // that go into the ledger together
  std::map<std::int64_t, Change> changes_;                      // by key: of what is written twice, the last
  const Instant moment_ = moment_of_writing();                  // one for all that is written together
};

// One transaction of the record. Returns what the function does.
template <class Function>
auto write_resources(const WriteContext& context, const trust::Principal& principal, Function&& function) {
  return context.database.write([&](storage::Transaction& transaction) {
    ResourceWriter writer(context, principal, transaction);
    if constexpr (std::is_void_v<decltype(function(writer))>) {
      function(writer);
      writer.settle();
    } else {
      auto result = function(writer);
      writer.settle();
      return result;
    }
  });
}

}  // namespace meridian::record
