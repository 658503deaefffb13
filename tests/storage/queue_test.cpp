#include "storage/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "storage/test_database.h"

namespace meridian::storage {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class QueueTest : public ::testing::Test {
 protected:
  void SetUp() override { database_->migrate(Queue::migrations()); }
  void add(const std::string& payload, const std::string& key = {}, std::chrono::seconds delay = {}) {
    database_->write([&](Transaction& transaction) { queue_.add(transaction, "read", payload, key, delay); });
  }
  void finish(const Job& job) {
    database_->write([&](Transaction& transaction) { queue_.finish(transaction, job); });
  }
  void retry(std::int64_t number) {
    database_->write([&](Transaction& transaction) { queue_.retry(transaction, number); });
  }
  // As if the time had passed: what was to be due then is due now.
  void let_pass(std::chrono::seconds time) {
    database_->write([&](Transaction& transaction) {
      transaction.execute("UPDATE job SET due = due - ?",
                          {std::int64_t{std::chrono::microseconds(time).count()}});
    });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ =
      open_database(test_database({.path = folder_ / "test.db", .synchronous = false}));
  Queue queue_{*database_};
};

TEST_F(QueueTest, GivesJobsOldestFirstAndEachOnce) {
  add("a"), add("b");
  const auto first = queue_.take("read"), second = queue_.take("read");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->payload.as_string(), "a");
  EXPECT_EQ(second->payload.as_string(), "b");
  EXPECT_FALSE(queue_.take("read"));
  EXPECT_FALSE(queue_.take("another topic"));
  finish(*first), finish(*second);
  EXPECT_EQ(queue_.waiting("read"), 0);
}

TEST_F(QueueTest, GivesWhatWaitsForItsTurnToWhoAsksForItByKey) {
  add("a", "first", 1h), add("b", "second", 1h);
  const auto job = queue_.take_waiting("read", "second");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->payload.as_string(), "b");
  EXPECT_FALSE(queue_.take_waiting("read", "second")) << "it is in work";
  EXPECT_FALSE(queue_.take_waiting("read", "third"));
  finish(*job);
  EXPECT_EQ(queue_.waiting("read"), 1);
}

TEST_F(QueueTest, AddsNothingWhenTheTransactionIsUndone) {
  EXPECT_THROW(database_->write([&](Transaction& transaction) {
    queue_.add(transaction, "read", "a");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_FALSE(queue_.take("read"));
}

TEST_F(QueueTest, KeepsOneWaitingJobAKey) {
  add("a", "film 1"), add("b", "film 1"), add("c", "film 2"), add("d"), add("e");
  EXPECT_EQ(queue_.waiting("read"), 4);
  const auto taken = queue_.take("read");
  add("again", "film 1");
  EXPECT_EQ(queue_.waiting("read"), 4) << "the film may have changed since its job was taken";
  queue_.fail(*taken, "no model");
  EXPECT_EQ(queue_.waiting("read"), 4) << "the job that waits already takes the place of the one that failed";
}

TEST_F(QueueTest, HoldsADelayedJobBack) {
  add("later", {}, 60s);
  EXPECT_FALSE(queue_.take("read"));
  let_pass(60s);
  EXPECT_TRUE(queue_.take("read"));
}

TEST_F(QueueTest, GivesAJobToAnotherWhenItsLeaseRunsOut) {
  add("a");
  const auto slow = queue_.take("read", 60s);
  EXPECT_FALSE(queue_.take("read"));
  let_pass(61s);
  const auto other = queue_.take("read", 60s);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->attempt, 2);
  EXPECT_EQ(code_of([&] { finish(*slow); }), ErrorCode::conflict);
  queue_.fail(*slow, "too late to matter");
  finish(*other);
  EXPECT_EQ(code_of([&] { finish(*other); }), ErrorCode::conflict);
}

TEST_F(QueueTest, LetsALateWorkerFinishWhatNobodyElseTook) {
  add("a");
  const auto slow = queue_.take("read", 60s);
  let_pass(61s);
  finish(*slow);
  EXPECT_FALSE(queue_.take("read"));
}

TEST_F(QueueTest, TriesAgainAfterABackOffThatDoubles) {
  add("a");
  for (const auto back_off : {5s, 10s, 20s}) {
    const auto job = queue_.take("read");
    ASSERT_TRUE(job);
    queue_.fail(*job, "offline");
    let_pass(back_off - 1s);
    EXPECT_FALSE(queue_.take("read"));
    let_pass(1s);
  }
  const auto job = queue_.take("read");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->attempt, 4);
  EXPECT_EQ(job->last_error, "offline");
}

TEST_F(QueueTest, ParksAfterTheLastAttemptUntilAPersonRetries) {
  add("a");
  queue_.fail(*queue_.take("read"), "first", 2);
  let_pass(1h);
  queue_.fail(*queue_.take("read"), "second", 2);
  let_pass(24h);
  EXPECT_FALSE(queue_.take("read"));
  ASSERT_EQ(queue_.parked().size(), 1u);
  const Job parked = queue_.parked()[0];
  EXPECT_EQ(parked.last_error, "second");
  retry(parked.number);
  EXPECT_TRUE(queue_.parked().empty());
  EXPECT_EQ(queue_.take("read")->attempt, 1);
  EXPECT_EQ(code_of([&] { retry(parked.number); }), ErrorCode::not_found);
}

TEST_F(QueueTest, ParksAtOnceWithWhatTheTakerHasLearnt) {
  database_->write([&](Transaction& transaction) { queue_.add(transaction, "read", Json::object({})); });
  Job job = *queue_.take("read");
  job.payload["task"] = "resume";
  database_->write([&](Transaction& transaction) { queue_.park(transaction, job, "given up"); });
  EXPECT_FALSE(queue_.take("read"));
  ASSERT_EQ(queue_.parked().size(), 1u);
  EXPECT_EQ(queue_.parked()[0].payload.text("task"), "resume");
  EXPECT_EQ(queue_.parked()[0].last_error, "given up");
  EXPECT_EQ(code_of([&] {
              database_->write([&](Transaction& transaction) { queue_.park(transaction, job, "again"); });
            }),
            ErrorCode::conflict);
}

TEST_F(QueueTest, DiscardsWhatIsParked) {
  add("a");
  add("b");
  queue_.fail(*queue_.take("read"), "no", 1);
  const Job waiting = *queue_.take("read");
  const std::int64_t parked = queue_.parked().at(0).number;
  database_->write([&](Transaction& transaction) { queue_.discard(transaction, parked); });
  EXPECT_TRUE(queue_.parked().empty());
  EXPECT_EQ(
      code_of([&] {
        database_->write([&](Transaction& transaction) { queue_.discard(transaction, waiting.number); });
      }),
      ErrorCode::not_found)
      << "it is in work";
}

TEST_F(QueueTest, HasOneJobOfASeriesInWork) {
  const auto add_in = [&](const std::string& series, const std::string& name) {
    database_->write([&](Transaction& transaction) {
      queue_.add_in_series(transaction, series, "read", Json::object({{"name", name}}));
    });
  };
  const auto name_of = [](const std::optional<Job>& job) { return job ? job->payload.text("name") : "none"; };
  add_in("a", "a1");
  add_in("a", "a2");
  add_in("b", "b1");
  add_in({}, "free");
  Queue other(*database_, [this] { return queue_.time(); });  // of another node
  const std::optional<Job> first = queue_.take("read", 60s);
  EXPECT_EQ(name_of(first), "a1");
  EXPECT_EQ(name_of(other.take("read")), "b1");
  EXPECT_EQ(name_of(other.take("read")), "free");
  EXPECT_EQ(name_of(other.take("read")), "none");
  database_->write([&](Transaction& transaction) { queue_.finish(transaction, *first); });
  EXPECT_EQ(name_of(other.take("read", 60s)), "a2");
  EXPECT_EQ(name_of(queue_.take("read")), "none");
  let_pass(61s);  // the taker of a2 is lost
  EXPECT_EQ(name_of(queue_.take("read")), "a2");
  add_in("a", "a3");
  EXPECT_EQ(name_of(queue_.take("read")), "none");
}

TEST_F(QueueTest, DiscardsTheParkedJobsOfASeries) {
  database_->write([&](Transaction& transaction) {
    for (const char* series : {"a", "b"}) queue_.add_in_series(transaction, series, "read", Json::object({}));
  });
  for (int i = 0; i < 2; ++i) queue_.fail(*queue_.take("read"), "no", 1);
  database_->write([&](Transaction& transaction) { queue_.discard_series(transaction, "read", "a"); });
  EXPECT_EQ(queue_.parked().size(), 1u);
}

TEST_F(QueueTest, ParksAJobThatEndsTheProgramAgainAndAgain) {
  add("poison");
  for (int death = 0; death < 5; ++death) {
    EXPECT_TRUE(queue_.take("read", 60s)) << death;
    let_pass(61s);
  }
  EXPECT_FALSE(queue_.take("read"));
  ASSERT_EQ(queue_.parked().size(), 1u);
  EXPECT_THAT(queue_.parked()[0].last_error, HasSubstr("ended 5 times"));
}

TEST_F(QueueTest, WakesAWorkerForAJobThatCameBeforeItWaited) {
  EXPECT_FALSE(queue_.take("read"));
  add("a");
  EXPECT_TRUE(queue_.wait(1h));
  EXPECT_TRUE(queue_.take("read"));
}

TEST_F(QueueTest, WakesEveryWaitingWorkerToStop) {
  std::atomic<int> stopped = 0;
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back([&] { stopped += !queue_.wait(1h); });
  queue_.stop();
  workers.clear();
  EXPECT_EQ(stopped, 4);
}

TEST_F(QueueTest, GivesEachJobToOneOfManyWorkers) {
  constexpr int kJobs = 200, kWorkers = 8;
  for (int i = 0; i < kJobs; ++i) add(std::to_string(i));
  std::atomic<int> done = 0;
  std::vector<std::jthread> workers;
  for (int i = 0; i < kWorkers; ++i)
    workers.emplace_back([&] {
      while (const auto job = queue_.take("read")) finish(*job), ++done;
    });
  workers.clear();
  EXPECT_EQ(done, kJobs);
}

}  // namespace
}  // namespace meridian::storage
