#include "trust/ledger.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "base/encoding.h"
#include "base/file.h"
#include "trust/ledger_store.h"
#include "trust/trust_fixture.h"

namespace meridian::trust {
namespace {

using ::testing::HasSubstr;

class LedgerTest : public TrustFixture {};

TEST_F(LedgerTest, GivesNumbersWithoutGapsAlsoWhenAnActIsUndone) {
  append("Observation/1");
  EXPECT_THROW(database_->write([&](storage::Transaction& transaction) {
    ledger_->append(transaction, clinician(), act("Observation/lost"));
    throw Error(ErrorCode::refused, "undone");
  }),
               Error);
  append("Observation/2");
  const std::vector<LedgerEntry> entries = ledger_->entries({});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].number, 2);
  EXPECT_EQ(entries[0].entity, "Observation/2");
  EXPECT_EQ(entries[0].display, "Dr. Wang");
  EXPECT_EQ(entries[0].role, "clinician");
  EXPECT_EQ(entries[0].hash.size(), 64u);
  EXPECT_TRUE(ledger_->verify().intact);
}

TEST_F(LedgerTest, IsFilteredAndPaged) {
  append(10);
  database_->write([&](storage::Transaction& transaction) {
    ledger_->append(transaction, Principal::system(), act("Observation/x", "Patient/2"));
  });
  EXPECT_EQ(ledger_->entries({.patient = "Patient/2"}).size(), 1u);
  EXPECT_EQ(ledger_->entries({.user = "system"}).size(), 1u);
  EXPECT_EQ(ledger_->entries({.kind = "fhir.create"}).size(), 0u);
  const std::vector<LedgerEntry> page = ledger_->entries({.before = 5, .limit = 2});
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].number, 4);
}

TEST_F(LedgerTest, ReadsAreWrittenTogetherAndRepeatedOnesOnce) {
  for (int i = 0; i < 3; ++i) ledger_->append_soon(clinician(), act("Observation/1"));
  ledger_->append_soon(clinician(), act("Observation/2"));
  ledger_->flush();
  const std::vector<LedgerEntry> entries = ledger_->entries({});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].entity, "Observation/1");
  EXPECT_EQ(entries[1].detail.get("times").as_int(), 3);
  EXPECT_TRUE(ledger_->verify().intact);
}

TEST_F(LedgerTest, ReadsThatCannotBeWrittenAreNotForgotten) {
  ledger_->append_soon(clinician(), act("Observation/1"));
  tamper("ALTER TABLE ledger_entry RENAME TO hidden");
  EXPECT_THROW(ledger_->flush(), Error);
  EXPECT_EQ(code_of([&] { ledger_->append_soon(clinician(), act("Observation/2")); }),
            ErrorCode::unavailable);
  tamper("ALTER TABLE hidden RENAME TO ledger_entry");
  ledger_->flush();
  ledger_->append_soon(clinician(), act("Observation/2"));
  ledger_->flush();
  EXPECT_EQ(ledger_->size(), 2);
}

TEST_F(LedgerTest, ReadsAreKeptAtShutdown) {
  ledger_->append_soon(clinician(), act("Observation/1"));
  open_ledger();
  EXPECT_EQ(ledger_->size(), 1);
  EXPECT_EQ(ledger_->verify().checkpoints, 1);
}

TEST_F(LedgerTest, StaysWholeUnderManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) append("Observation/1");
    });
  for (std::thread& thread : threads) thread.join();
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_TRUE(verdict.intact) << verdict.what;
  EXPECT_EQ(verdict.entries, 200);
  EXPECT_EQ(verdict.root, ledger_->root());
}

TEST_F(LedgerTest, ReportsProgressAndGoesOnAfterARestart) {
  append(2500);
  ledger_->checkpoint();
  open_ledger();
  append(10);
  std::vector<std::int64_t> seen;
  const LedgerVerdict verdict = ledger_->verify([&](std::int64_t done, std::int64_t total) {
    seen.push_back(done);
    EXPECT_EQ(total, 2510);
  });
  EXPECT_TRUE(verdict.intact) << verdict.what;
  EXPECT_THAT(seen, ::testing::ElementsAre(1000, 2000, 2510));
  EXPECT_EQ(verdict.root, ledger_->root());
}

TEST_F(LedgerTest, KeyIsReadableByItsOwnerOnly) {
  EXPECT_EQ(std::filesystem::status(key_file()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

class Tampering : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    append(20);
    ledger_->checkpoint();
    append(10);
    ledger_->checkpoint();
    append(5);
  }

  // Gives an entry new content and a hash that fits, and so all that follow: what a patient forger does.
  void rewrite_from(std::int64_t number) {
    std::vector<LedgerRow> rows;
    database_->read([&](storage::Connection& connection) {
      for_each_entry(connection, [&](const LedgerRow& row) { return rows.push_back(row), true; });
    });
    database_->write([&](storage::Transaction& transaction) {
      for (std::size_t i = static_cast<std::size_t>(number - 1); i < rows.size(); ++i) {
        if (i == static_cast<std::size_t>(number - 1)) rows[i].entry.entity = "Observation/forged";
        if (i > 0) rows[i].previous = rows[i - 1].hash;
        rows[i].hash = entry_hash(rows[i]);
        transaction.execute("UPDATE ledger_entry SET entity = ?, previous = ?, hash = ? WHERE number = ?",
                            {std::string_view(rows[i].entry.entity), storage::Blob{rows[i].previous},
                             storage::Blob{rows[i].hash}, rows[i].entry.number});
      }
    });
  }
};

TEST_F(Tampering, WithAnyColumnNamesTheEntry) {
  for (const std::string& change : std::vector<std::string>{
           "time = time + 1", "user_id = 'u2'", "display = 'x'", "role = 'auditor'", "organization = ''",
           "action = 'U'", "kind = 'fhir.update'", "patient = 'Patient/2'", "entity = 'x'", "success = 0",
           "success = 2", "detail = '{}'", "previous = " + sql_bytes("00"), "hash = " + sql_bytes("00")}) {
    tamper("CREATE TABLE saved AS SELECT * FROM ledger_entry");
    tamper("UPDATE ledger_entry SET " + change + " WHERE number = 7");
    const LedgerVerdict verdict = ledger_->verify();
    EXPECT_FALSE(verdict.intact) << change;
    EXPECT_EQ(verdict.first_bad, 7) << change << ": " << verdict.what;
    tamper("DELETE FROM ledger_entry");
    tamper("INSERT INTO ledger_entry SELECT * FROM saved");
    tamper("DROP TABLE saved");
  }
  EXPECT_TRUE(ledger_->verify().intact);
}

TEST_F(Tampering, ByDeletionNamesTheMissing) {
  tamper("DELETE FROM ledger_entry WHERE number IN (12, 13)");
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_EQ(verdict.first_bad, 12);
  EXPECT_THAT(verdict.what, HasSubstr("Entries 12 to 13 are missing"));
}

TEST_F(Tampering, ByDeletionAndRenumberingShows) {
  tamper("DELETE FROM ledger_entry WHERE number = 12");
  for (int number = 13; number <= 35; ++number)
    tamper("UPDATE ledger_entry SET number = number - 1 WHERE number = " + std::to_string(number));
  EXPECT_EQ(ledger_->verify().first_bad, 12);
}

TEST_F(Tampering, ByReorderingShows) {
  tamper("UPDATE ledger_entry SET number = -1 WHERE number = 8");
  tamper("UPDATE ledger_entry SET number = 8 WHERE number = 9");
  tamper("UPDATE ledger_entry SET number = 9 WHERE number = -1");
  EXPECT_EQ(ledger_->verify().first_bad, 8);
}

TEST_F(Tampering, ByInsertionShows) {
  tamper(
      "INSERT INTO ledger_entry SELECT 0, time, user_id, display, role, organization, action, kind, patient, "
      "entity, "
      "success, detail, previous, hash FROM ledger_entry WHERE number = 1");
  EXPECT_EQ(ledger_->verify().first_bad, 0);
  EXPECT_FALSE(ledger_->verify().intact);
}

TEST_F(Tampering, ByCuttingTheEndShowsAgainstTheCheckpoint) {
  tamper("DELETE FROM ledger_entry WHERE number > 25");
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_EQ(verdict.first_bad, 26);
  EXPECT_THAT(verdict.what, HasSubstr("Entries 26 to 30 existed"));
  EXPECT_THAT(verdict.what, HasSubstr("Entries 1 to 25 are proven"));
}

TEST_F(Tampering, ByCuttingTheEndAndItsCheckpointShowsAgainstTheFile) {
  tamper("DELETE FROM ledger_entry WHERE number > 20");
  tamper("DELETE FROM ledger_checkpoint WHERE size > 20");
  EXPECT_EQ(ledger_->verify().first_bad, 21);
}

TEST_F(Tampering, OfOneEntryWithAFittingHashShowsInTheNext) {
  tamper("CREATE TABLE tail AS SELECT * FROM ledger_entry WHERE number > 7");
  rewrite_from(7);
  tamper("DELETE FROM ledger_entry WHERE number > 7");
  tamper("INSERT INTO ledger_entry SELECT * FROM tail");
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_EQ(verdict.first_bad, 7);
  EXPECT_THAT(verdict.what, HasSubstr("Entry 7 was replaced"));
}

TEST_F(Tampering, OfTheWholeRestShowsAgainstTheNextCheckpoint) {
  rewrite_from(23);
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_EQ(verdict.first_bad, 21);
  EXPECT_THAT(verdict.what, HasSubstr("Entries 21 to 30 were rewritten"));
  EXPECT_EQ(verdict.checkpoints, 1);
}

TEST_F(Tampering, WithACheckpointShows) {
  rewrite_from(23);
  const std::string forged = ledger_->root();
  tamper("UPDATE ledger_checkpoint SET root = " + sql_bytes(forged) + " WHERE size = 30");
  const LedgerVerdict verdict = ledger_->verify();
  EXPECT_EQ(verdict.first_bad, 30);
  EXPECT_THAT(verdict.what, HasSubstr("signature"));
}

TEST_F(Tampering, ByAnotherKeyShows) {
  ledger_.reset();
  std::filesystem::remove(key_file());
  open_ledger();
  EXPECT_EQ(ledger_->verify().first_bad, 20);
}

TEST_F(Tampering, WithTheCheckpointFileIsReported) {
  std::ofstream(key_file() + ".checkpoint") << "{";
  EXPECT_EQ(code_of([&] { ledger_->verify(); }), ErrorCode::corrupted);
}

TEST_F(Tampering, WithTheKeyIsReported) {
  ledger_.reset();
  std::ofstream(key_file()) << "no key";
  EXPECT_EQ(code_of([&] { open_ledger(); }), ErrorCode::corrupted);
}

}  // namespace
}  // namespace meridian::trust
