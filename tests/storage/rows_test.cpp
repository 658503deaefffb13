#include "storage/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <latch>
#include <thread>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "storage/attempt.h"
#include "storage/test_database.h"

namespace meridian::storage {
namespace {

using ::testing::ElementsAre;

constexpr Migration kTable[] = {
    {"test", 1, "CREATE TABLE thing (number INTEGER PRIMARY KEY, name TEXT, size REAL, weight REAL)"}};
constexpr std::array kColumns{ColumnKind::integer, ColumnKind::text, ColumnKind::real, ColumnKind::real};

class RowsTest : public ::testing::Test {
 protected:
  void SetUp() override { database_->migrate(kTable); }
  void insert(const std::vector<Value>& values) {
    database_->write([&](Transaction& transaction) { send_rows(transaction, {"thing", kColumns, values}); });
  }
  std::vector<std::string> things() {
    std::vector<std::string> found;
    database_->read([&](Connection& connection) {
      connection.query(
          "SELECT number, name, size, weight FROM thing ORDER BY number", {}, [&](const Row& row) {
            found.push_back(
                std::to_string(row.integer(0)) + (row.is_null(1) ? "-" : std::string(row.text(1))) +
                (row.is_null(2) ? "-" : std::to_string(row.real(2))) + (row.is_null(3) ? "" : "!"));
          });
    });
    return found;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ =
      open_database(test_database({.path = folder_ / "test.db", .synchronous = false}));
};

TEST_F(RowsTest, InsertsRowsWithWhatTheyLack) {
  const std::string quoted = "a\"b\\c,{}";
  insert({std::int64_t{1}, std::string_view(quoted), 1.5, nullptr,  //
          std::int64_t{-2}, nullptr, nullptr, nullptr,              //
          std::int64_t{1} << 40, std::string_view(), -0.25, nullptr});
  EXPECT_THAT(things(), ElementsAre("-2--", "1a\"b\\c,{}1.500000", "1099511627776-0.250000"));
}

TEST_F(RowsTest, InsertsNothingOfNoRows) {
  insert({});
  EXPECT_TRUE(things().empty());
}

TEST_F(RowsTest, InsertsAllOrNone) {
  EXPECT_EQ(
      code_of([&] {
        insert({std::int64_t{1}, nullptr, nullptr, nullptr, std::int64_t{1}, nullptr, nullptr, nullptr});
      }),
      ErrorCode::conflict);
  EXPECT_TRUE(things().empty());
}

// What is sent late is there for who asks for it, whatever else fails beside it.
class LateTest : public RowsTest {
 protected:
  static void send(Transaction& transaction, std::int64_t number) {
    const std::array<Value, 2> values{number, std::string_view("late")};
    send_late(transaction, "thing", "INSERT INTO thing (number, name) VALUES (?, ?)", values);
  }
  static std::int64_t count(Connection& connection) {
    std::int64_t count = 0;
    connection.query("SELECT COUNT(*) FROM thing", {}, [&](const Row& row) { count = row.integer(0); });
    return count;
  }
  // All in one batch: the first waits until the others have come.
  void write_together(const std::vector<std::function<void(Transaction&)>>& writes) {
    std::latch first_runs{1}, others_wait{static_cast<std::ptrdiff_t>(writes.size()) - 1};
    std::vector<std::jthread> threads;
    threads.emplace_back([&] {
      database_->write([&](Transaction& transaction) {
        first_runs.count_down();
        others_wait.wait();
        writes[0](transaction);
      });
    });
    first_runs.wait();
    for (std::size_t i = 1; i < writes.size(); ++i)
      threads.emplace_back([&, i] {
        others_wait.count_down();
        try {
          database_->write(writes[i]);
        } catch (const std::exception&) {
          // as it was meant to
        }
      });
  }
};

TEST_F(LateTest, IsKept) {
  database_->write([](Transaction& transaction) { send(transaction, 1); });
  EXPECT_THAT(things(), ElementsAre("1late-"));
}

TEST_F(LateTest, IsThereForWhoAsks) {
  database_->write([](Transaction& transaction) {
    send(transaction, 1);
    EXPECT_EQ(count(transaction), 1);
    send(transaction, 2);
    EXPECT_EQ(count(transaction), 2);
  });
  EXPECT_EQ(things().size(), 2u);
}

TEST_F(LateTest, GoesWithTheWriteThatFails) {
  EXPECT_THROW(database_->write([](Transaction& transaction) {
    send(transaction, 1);
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  database_->write([](Transaction& transaction) { send(transaction, 2); });
  EXPECT_THAT(things(), ElementsAre("2late-"));
}

// A write that fails has looked, so that what others sent late before it was executed within its part.
TEST_F(LateTest, OutlivesAnotherWriteThatLooksAndFails) {
  write_together({[](Transaction& transaction) { send(transaction, 1); },
                  [](Transaction& transaction) {
                    send(transaction, 2);
                    EXPECT_GE(count(transaction), 2);
                    throw std::runtime_error("no");
                  },
                  [](Transaction& transaction) { send(transaction, 3); }});
  EXPECT_THAT(things(), ElementsAre("1late-", "3late-"));
}

TEST_F(LateTest, OutlivesAnAttemptThatFails) {
  database_->write([](Transaction& transaction) {
    send(transaction, 1);
    EXPECT_THROW(attempt(transaction,
                         [&] {
                           EXPECT_EQ(count(transaction), 1);
                           throw std::runtime_error("no");
                         }),
                 std::runtime_error);
  });
  EXPECT_THAT(things(), ElementsAre("1late-"));
}

}  // namespace
}  // namespace meridian::storage
