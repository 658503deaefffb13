#include "storage/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <thread>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "storage/attempt.h"
#include "storage/test_database.h"

namespace meridian::storage {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kNotes =
    "CREATE TABLE note (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE);";
constexpr Migration kFirst[] = {{"test", 1, kNotes}};

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override { database_->migrate(kFirst); }
  std::unique_ptr<Database> open() { return open_database(test_database({.path = folder_ / "test.db"})); }
  static void add(Transaction& transaction, std::string_view text) {
    transaction.execute("INSERT INTO note (text) VALUES (?)", {text});
  }
  std::int64_t count() {
    return database_->read([](Connection& connection) {
      std::int64_t count = 0;
      connection.query("SELECT COUNT(*) FROM note", {}, [&](const Row& row) { count = row.integer(0); });
      return count;
    });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open();
};

TEST_F(DatabaseTest, KeepsWhatWasWrittenWhenOpenedAgain) {
  database_->write([](Transaction& transaction) { add(transaction, "秀英"); });
  database_.reset();
  database_ = open();
  EXPECT_EQ(count(), 1);
}

TEST_F(DatabaseTest, GivesEveryKindOfValueBackAsWritten) {
  const std::string bytes("\0\xff'", 3);
  database_->write([&](Transaction& transaction) {
    transaction.execute("CREATE TABLE kinds (a TEXT, b INTEGER, c REAL, d TEXT, e BLOB)");
    transaction.execute("INSERT INTO kinds VALUES (?, ?, ?, ?, ?)",
                        {nullptr, std::int64_t{1} << 60, 0.1, std::string_view("x"), Blob{bytes}});
  });
  database_->read([&](Connection& connection) {
    EXPECT_TRUE(connection.query_first("SELECT * FROM kinds", {}, [&](const Row& row) {
      EXPECT_TRUE(row.is_null(0));
      EXPECT_EQ(row.integer(1), std::int64_t{1} << 60);
      EXPECT_EQ(row.real(2), 0.1);
      EXPECT_EQ(row.text(3), "x");
      EXPECT_EQ(row.text(4), bytes);
    }));
  });
}

TEST_F(DatabaseTest, UndoesAWriteThatThrowsAndRunsNoneOfItsActions) {
  bool acted = false;
  const auto error = error_of([&] {
    database_->write([&](Transaction& transaction) {
      add(transaction, "a");
      transaction.after_commit([&] { acted = true; });
      throw Error(ErrorCode::refused, "no");
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::refused);
  EXPECT_FALSE(acted);
  EXPECT_EQ(count(), 0);
}

TEST_F(DatabaseTest, RunsActionsAfterTheCommitOnTheCallersThread) {
  std::thread::id thread;
  std::int64_t seen = 0;
  database_->write([&](Transaction& transaction) {
    add(transaction, "a");
    transaction.after_commit([&] { thread = std::this_thread::get_id(), seen = count(); });
  });
  EXPECT_EQ(thread, std::this_thread::get_id());
  EXPECT_EQ(seen, 1);
}

TEST_F(DatabaseTest, KeepsTheGoodWritesOfManyThreadsAndNoneOfTheBad) {
  constexpr int kThreads = 32, kEach = 20;
  std::atomic<int> refused = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto code = code_of([&] {
          database_->write([&](Transaction& transaction) {
            add(transaction, std::to_string(t) + "/" + std::to_string(i));
            if (i % 2) add(transaction, std::to_string(t) + "/" + std::to_string(i));
          });
        });
        refused += code == ErrorCode::conflict;
      }
    });
  threads.clear();
  EXPECT_EQ(refused, kThreads * kEach / 2);
  EXPECT_EQ(count(), kThreads * kEach / 2);
}

TEST_F(DatabaseTest, SendsInOrderAndTellsWhatFailed) {
  const auto send = [](Transaction& transaction, std::string_view text) {
    transaction.send("INSERT INTO note (text) VALUES (?)", {text});
  };
  database_->write([&](Transaction& transaction) {
    for (int i = 0; i < 1000; ++i) send(transaction, std::to_string(i));
    std::int64_t seen = 0;
    transaction.query("SELECT COUNT(*) FROM note", {}, [&](const Row& row) { seen = row.integer(0); });
    EXPECT_EQ(seen, 1000);
  });
  EXPECT_EQ(code_of([&] { database_->write([&](Transaction& t) { send(t, "a"), send(t, "7"); }); }),
            ErrorCode::conflict);
  EXPECT_EQ(code_of([&] {
              database_->write([&](Transaction& t) {
                send(t, "b"), send(t, "b");
                throw Error(ErrorCode::refused, "no");
              });
            }).has_value(),
            true);
  database_->write([&](Transaction& t) { send(t, "c"); });
  EXPECT_EQ(count(), 1001);
}

TEST_F(DatabaseTest, UndoesAnAttemptThatThrowsAndKeepsTheRestOfTheWrite) {
  const auto fail = [](Transaction& t, std::string_view sql) {
    return code_of([&] { attempt(t, [&] { add(t, "c"), t.execute(sql); }); });
  };
  database_->write([&](Transaction& t) {
    t.send("INSERT INTO note (text) VALUES (?)", {"a"});
    attempt(t, [&] { add(t, "b"); });
    EXPECT_EQ(fail(t, "INSERT INTO note (text) VALUES ('a')"), ErrorCode::conflict);
    EXPECT_EQ(fail(t, "DELETE FROM nowhere"), ErrorCode::internal);
    add(t, "d");
  });
  EXPECT_EQ(count(), 3);
}

TEST_F(DatabaseTest, ComparesTextByItsBytes) {
  database_->write([](Transaction& transaction) {
    for (const std::string_view text : {"b", "B", "a", "\xC3\xA4", "_"}) add(transaction, text);
  });
  database_->read([](Connection& connection) {
    std::string order;
    connection.query("SELECT text FROM note WHERE text > ? ORDER BY text", {"A"},
                     [&](const Row& row) { order += row.text(0); });
    EXPECT_EQ(order, "B_ab\xC3\xA4");
    int alike = 0;
    connection.query("SELECT 1 FROM note WHERE text LIKE 'B%'", {}, [&](const Row&) { ++alike; });
    EXPECT_EQ(alike, 2);
  });
}

TEST_F(DatabaseTest, RefusesAWriteWithinAWrite) {
  const auto error = error_of([&] {
    database_->write([&](Transaction&) { database_->write([](Transaction& inner) { add(inner, "a"); }); });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::internal);
  EXPECT_THAT(error->describe(), HasSubstr("within a write"));
  EXPECT_EQ(count(), 0);
}

TEST_F(DatabaseTest, ReadsOneSnapshotWhateverIsWrittenMeanwhile) {
  database_->read([&](Connection& connection) {
    const auto count_here = [&] {
      std::int64_t here = 0;
      connection.query("SELECT COUNT(*) FROM note", {}, [&](const Row& row) { here = row.integer(0); });
      return here;
    };
    EXPECT_EQ(count_here(), 0);
    std::jthread([&] { database_->write([](Transaction& transaction) { add(transaction, "a"); }); }).join();
    EXPECT_EQ(count_here(), 0);
    EXPECT_EQ(count(), 0) << "a read within a read sees the same snapshot";
  });
  EXPECT_EQ(count(), 1);
}

TEST_F(DatabaseTest, ReadsMoreAtOnceThanItHasReaders) {
  constexpr int kThreads = 16;
  std::vector<std::jthread> threads;
  std::atomic<int> done = 0;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back([&] { done += count() == 0; });
  threads.clear();
  EXPECT_EQ(done, kThreads);
}

TEST_F(DatabaseTest, RefusesToWriteThroughAReader) {
  EXPECT_TRUE(code_of([&] {
    database_->read(
        [](Connection& connection) { connection.execute("INSERT INTO note (text) VALUES ('a')"); });
  }));
  EXPECT_EQ(count(), 0);
}

TEST_F(DatabaseTest, RunsAStatementWithinItself) {
  database_->write([](Transaction& transaction) { add(transaction, "a"), add(transaction, "b"); });
  database_->read([](Connection& connection) {
    int rows = 0;
    constexpr std::string_view kAll = "SELECT text FROM note";
    connection.query(kAll, {}, [&](const Row&) { connection.query(kAll, {}, [&](const Row&) { ++rows; }); });
    EXPECT_EQ(rows, 4);
  });
}

TEST_F(DatabaseTest, PreparesMoreStatementsThanItKeeps) {
  database_->read([](Connection& connection) {
    for (int i = 0; i < 1000; ++i)
      EXPECT_TRUE(connection.query_first("SELECT " + std::to_string(i), {},
                                         [&](const Row& row) { EXPECT_EQ(row.integer(0), i); }));
  });
}

TEST_F(DatabaseTest, NamesTheStatementThatIsWrong) {
  const auto wrong = error_of([&] { database_->read([](Connection& c) { c.execute("SELEKT 1"); }); });
  ASSERT_TRUE(wrong);
  EXPECT_THAT(wrong->what(), HasSubstr("SELEKT"));
  EXPECT_EQ(code_of([&] { database_->read([](Connection& c) { c.execute("SELECT ?"); }); }),
            ErrorCode::internal);
  EXPECT_EQ(code_of([&] { database_->read([](Connection& c) { c.execute("SELECT 1; SELECT 2"); }); }),
            ErrorCode::internal);
}

TEST_F(DatabaseTest, AppliesEachMigrationOnce) {
  constexpr Migration kTwo[] = {
      {"test", 1, kNotes},
      {"test", 2, "INSERT INTO note (text) VALUES ('a;b'); INSERT INTO note (text) VALUES ('c')"}};
  database_->migrate(kTwo);
  database_->migrate(kTwo);
  EXPECT_EQ(count(), 2);
}

TEST_F(DatabaseTest, KeepsNothingOfAMigrationThatFails) {
  constexpr Migration kBad[] = {
      {"test", 2, "INSERT INTO note (text) VALUES ('a'); INSERT INTO nothing VALUES (1)"}};
  EXPECT_TRUE(code_of([&] { database_->migrate(kBad); }));
  EXPECT_EQ(count(), 0);
  constexpr Migration kGood[] = {{"test", 2, "INSERT INTO note (text) VALUES ('a')"}};
  database_->migrate(kGood);
  EXPECT_EQ(count(), 1);
}

TEST_F(DatabaseTest, RefusesADatabaseOfANewerProgram) {
  constexpr Migration kNewer[] = {{"test", 3, "CREATE TABLE later (a TEXT)"}};
  database_->migrate(kNewer);
  EXPECT_EQ(code_of([&] { database_->migrate(kFirst); }), ErrorCode::invalid_configuration);
}

TEST_F(DatabaseTest, RefusesADatabaseWhoseMigrationsWereOthers) {
  constexpr Migration kEdited[] = {
      {"test", 1, "CREATE TABLE note (number INTEGER PRIMARY KEY, words TEXT);"}};
  const auto error = error_of([&] { database_->migrate(kEdited); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::invalid_configuration);
  EXPECT_THAT(error->describe(), AllOf(HasSubstr("migration 1 of test"), HasSubstr("new folder")));
  database_->migrate(kFirst);
}

TEST_F(DatabaseTest, RefusesADatabaseThatDoesNotSayWhichMigrationsWereApplied) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  database_->write([](Transaction& transaction) {
    transaction.execute("DROP TABLE migration");
    transaction.execute("CREATE TABLE migration (room TEXT, number INTEGER, applied TEXT)");
  });
  EXPECT_EQ(code_of([&] { database_->migrate(kFirst); }), ErrorCode::invalid_configuration);
}

TEST_F(DatabaseTest, BringsItsLogIntoTheFileBesideTheWrites) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  const auto file = folder_ / "large.db";
  const auto large = open_database(test_database({.path = file, .synchronous = false}));
  large->migrate(kFirst);
  const auto add_bytes = [&](std::size_t size) {
    large->write([&, bytes = std::string(size, 'x')](Transaction& transaction) {
      transaction.execute("INSERT INTO note (text) SELECT ? || COUNT(*) FROM note",
                          {std::string_view(bytes)});
    });
  };
  constexpr std::size_t kLarge = 4u << 20;
  for (int i = 0; i < 24; ++i) add_bytes(kLarge);  // more than the log takes before it is brought over
  int more = 0;
  while (std::filesystem::file_size(file) < 16 * kLarge && more < 20'000) add_bytes(1), ++more;
  EXPECT_GE(std::filesystem::file_size(file), 16 * kLarge);
}

TEST_F(DatabaseTest, GrowsItsLogBeforeItIsNeededAndReadsItAllTheSame) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  constexpr std::uintmax_t kHalfOfTheCache = 2u << 20;
  const auto file = folder_ / "logged.db", log = folder_ / "logged.db-wal", copy = folder_ / "copy.db";
  {
    const auto logged = open_database({.path = file, .cache_megabytes = 4});
    EXPECT_EQ(std::filesystem::file_size(log), kHalfOfTheCache);
    logged->migrate(kFirst);
    logged->write([](Transaction& transaction) { add(transaction, "one"); });
    EXPECT_EQ(std::filesystem::file_size(log), kHalfOfTheCache);
    std::filesystem::copy_file(file, copy);  // as a crash would leave both
    std::filesystem::copy_file(log, copy.string() + "-wal");
  }
  const auto recovered = open_database({.path = copy, .cache_megabytes = 4});
  EXPECT_TRUE(recovered->read([](Connection& connection) {
    return connection.query_first("SELECT 1 FROM note WHERE text = 'one'", {}, [](const Row&) {});
  }));
}

TEST_F(DatabaseTest, BacksUpWhileItIsWritten) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::jthread writer([&] {
    while (!stop)
      database_->write([&](Transaction& transaction) {
        const std::string number = std::to_string(++written);
        add(transaction, number + "a"), add(transaction, number + "b");
      });
  });
  while (written < 10) std::this_thread::yield();
  database_->backup_to(folder_ / "copy.db");
  stop = true;
  writer.join();
  EXPECT_EQ(code_of([&] { database_->backup_to(folder_ / "copy.db"); }), ErrorCode::conflict);
  database_ = open_database(test_database({.path = folder_ / "copy.db"}));
  database_->check_integrity();
  EXPECT_GE(count(), 18);
  EXPECT_EQ(count() % 2, 0) << "a write is in the copy as a whole or not at all";
}

TEST_F(DatabaseTest, FindsDamage) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  database_->write([](Transaction& transaction) {
    for (int i = 0; i < 2000; ++i) add(transaction, std::to_string(i) + std::string(100, 'x'));
  });
  database_->check_integrity();
  database_.reset();
  {
    std::fstream file(folder_ / "test.db", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(8 * 4096);
    file << std::string(4096, '\x55');
  }
  database_ = open();
  EXPECT_EQ(code_of([&] { database_->check_integrity(); }), ErrorCode::corrupted);
}

TEST(Database, SaysWhatIsNotADatabase) {
  MERIDIAN_SKIP_ON_POSTGRESQL();
  const TemporaryFolder folder;
  std::ofstream(folder / "text.db") << std::string(5000, 'x');
  EXPECT_EQ(code_of([&] { open_database(test_database({.path = folder / "text.db"})); }),
            ErrorCode::corrupted);
  EXPECT_EQ(code_of([&] { open_database(test_database({.path = folder / "missing/test.db"})); }),
            ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::storage
