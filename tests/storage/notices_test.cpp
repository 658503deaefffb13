// What writes tell those who wait, here and in other processes of the same database.
#include "storage/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "base/temporary_folder.h"
#include "storage/test_database.h"

namespace meridian::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Keeps what it hears.
class Ear {
 public:
  std::function<void(std::string_view)> hearing() {
    return [this](std::string_view text) {
      const std::lock_guard lock(mutex_);
      heard_.emplace_back(text);
      news_.notify_all();
    };
  }
  // Once there are so many.
  std::vector<std::string> heard(std::size_t count) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::seconds(60), [&] { return heard_.size() >= count; });
    return heard_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::string> heard_;
};

class NoticesTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    return open_database(test_database({.path = folder_ / "test.db", .synchronous = false}));
  }
  static void tell_on(Database& database, const std::string& channel, const std::string& text) {
    database.write([&](Transaction& transaction) { tell(transaction, channel, text); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open();
  Ear ear_, other_ear_;
};

TEST_F(NoticesTest, TellsWhoListensOnTheChannelOnceItIsKept) {
  const auto listening = listen(*database_, "a", ear_.hearing());
  tell_on(*database_, "a", "one");
  tell_on(*database_, "b", "of another channel");
  EXPECT_THAT(ear_.heard(1), ElementsAre("one"));
  EXPECT_THROW(database_->write([&](Transaction& transaction) {
    tell(transaction, "a", "undone");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  tell_on(*database_, "a", "");
  EXPECT_THAT(ear_.heard(2), ElementsAre("one", ""));
}

TEST_F(NoticesTest, TellsNobodyWhoHasLetGo) {
  auto listening = listen(*database_, "a", ear_.hearing());
  listening.reset();
  tell_on(*database_, "a", "one");
  EXPECT_THAT(ear_.heard(0), IsEmpty());
}

TEST_F(NoticesTest, TellsOtherProcessesAndEachOnce) {
  if (test_url().empty()) GTEST_SKIP() << "only one process has a file of SQLite";
  const auto other = open();
  const auto here = listen(*database_, "a", ear_.hearing());
  const auto there = listen(*other, "a", other_ear_.hearing());
  const auto on_b = listen(*other, "b", other_ear_.hearing());
  tell_on(*database_, "a", "two words");
  tell_on(*other, "a", "from there");
  tell_on(*database_, "b", "last");
  EXPECT_THAT(other_ear_.heard(3), ::testing::UnorderedElementsAre("from there", "two words", "last"));
  EXPECT_THAT(ear_.heard(2), ::testing::UnorderedElementsAre("two words", "from there"));
}

TEST_F(NoticesTest, SaysThatSomethingMayHaveBeenMissed) {
  if (test_url().empty()) GTEST_SKIP() << "only one process has a file of SQLite";
  const auto other = open();
  const auto there = listen(*other, "a", other_ear_.hearing());
  tell_on(*database_, "a", "one");
  EXPECT_THAT(other_ear_.heard(1), ElementsAre("one"));
  database_->write([](Transaction& transaction) {
    transaction.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> "
        "pg_backend_pid()");
  });
  EXPECT_THAT(other_ear_.heard(2), ElementsAre("one", ""));
  tell_on(*database_, "a", "two");
  EXPECT_THAT(other_ear_.heard(3), ElementsAre("one", "", "two"));
}

}  // namespace
}  // namespace meridian::storage
