// A record on a database of its own, with three people who use it.
#pragma once
#include <gtest/gtest.h>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "record/record.h"
#include "storage/test_database.h"
#include "trust/access.h"

namespace meridian::record {

class StoreTest : public ::testing::Test {
 protected:
  using Principal = trust::Principal;
  static Principal clinician(const std::string& organization) {
    return {"user-" + organization, "Dr " + organization, trust::Role::clinician, "Practitioner/p",
            "Organization/" + organization};
  }
  static Principal resident(const std::string& patient) {
    return {"resident", "Resident", trust::Role::resident, "Patient/" + patient, ""};
  }

  void SetUp() override {
    database_->migrate(storage::Queue::migrations());
    database_->migrate(trust::access_migrations());
    database_->migrate(trust::Ledger::migrations());
    database_->migrate(Record::migrations());
    ledger_.emplace(*database_, trust::LedgerOptions{.signing_key_file = folder_ / "ledger.key"});
    record_.emplace(*database_, *ledger_, queue_,
                    RecordOptions{.base_url = kBase, .largest_resource = 1u << 20});
  }

  Version create(const std::string& json) { return record_->create(system_, Json::parse(json)); }
  Version put(const std::string& json) { return record_->update(system_, Json::parse(json)); }
  Json execute(const std::string& json) { return record_->execute(system_, Json::parse(json)); }
  Json search(const std::string& type, const Parameters& parameters = {}) {
    return search_as(system_, type, parameters);
  }
  Json search_as(const Principal& principal, const std::string& type, const Parameters& parameters = {}) {
    return Json::parse(record_->search(principal, type, parameters));
  }
  // The ids of the matches, in order.
  std::vector<std::string> found(const std::string& type, const Parameters& parameters) {
    return ids(search(type, parameters), "match");
  }
  static std::vector<std::string> ids(const Json& bundle, const std::string& mode) {
    std::vector<std::string> ids;
    if (const Json* entries = bundle.find("entry"))
      for (const Json& entry : entries->items())
        if (entry.text("search.mode") == mode) ids.push_back(entry.text("resource.id"));
    return ids;
  }
  static std::string link(const Json& bundle, const std::string& relation) {
    for (const Json& link : bundle.get("link").items())
      if (link.text("relation") == relation) return link.text("url");
    return {};
  }
  std::int64_t count(const std::string& sql) {
    return database_->read([&](storage::Connection& connection) {
      std::int64_t number = 0;
      connection.query(sql, {}, [&](const storage::Row& row) { number = row.integer(0); });
      return number;
    });
  }

  static constexpr const char* kBase = "http://node.example/fhir";
  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database(storage::test_database({.path = folder_ / "test.db", .synchronous = false}));
  std::chrono::seconds ahead_{0};  // of the time, for the queue
  storage::Queue queue_{*database_, [this] { return now() + ahead_; }};
  std::optional<trust::Ledger> ledger_;
  std::optional<Record> record_;
  const Principal system_ = Principal::system();
};

}  // namespace meridian::record
