// A database and a ledger in a folder of their own.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "storage/database.h"
#include "storage/test_database.h"
#include "trust/access.h"
#include "trust/identity.h"
#include "trust/ledger.h"

namespace meridian::trust {

class TrustFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto migrations : {Ledger::migrations(), Identity::migrations(), access_migrations()})
      database_->migrate(migrations);
    open_ledger();
  }

  void open_ledger(int checkpoint_every = 1'000'000) {
    ledger_.reset();
    ledger_ = std::make_unique<Ledger>(*database_, LedgerOptions{key_file(), checkpoint_every});
  }

  std::string key_file() const { return folder_ / "ledger.key"; }

  static Principal clinician(const std::string& organization = "Organization/east") {
    return {"u1", "Dr. Wang", Role::clinician, "Practitioner/wang", organization};
  }

  static LedgerEntry act(const std::string& entity, const std::string& patient = "Patient/1") {
    LedgerEntry entry;
    entry.action = "R";
    entry.kind = "fhir.read";
    entry.patient = patient;
    entry.entity = entity;
    return entry;
  }

  void append(const std::string& entity) {
    database_->write(
        [&](storage::Transaction& transaction) { ledger_->append(transaction, clinician(), act(entity)); });
  }
  void append(int count) {
    database_->write([&](storage::Transaction& transaction) {
      for (int i = 1; i <= count; ++i)
        ledger_->append(transaction, clinician(), act("Observation/" + std::to_string(i)));
    });
  }

  // How SQL writes bytes.
  static std::string sql_bytes(const std::string& hexadecimal) {
    return (storage::test_url().empty() ? "x'" : "'\\x") + hexadecimal + "'";
  }
  void tamper(const std::string& sql) {
    database_->write([&](storage::Transaction& transaction) { transaction.execute(sql); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database(storage::test_database({.path = folder_ / "node.db", .synchronous = false}));
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace meridian::trust
