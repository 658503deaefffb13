// Kills processes that work on the queue, at any point of their work, and counts what became of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "base/temporary_folder.h"
#include "storage/queue.h"
#include "storage/test_database.h"

namespace meridian::storage {
namespace {

constexpr int kJobs = 120;
constexpr Migration kResults[] = {{"test", 1, "CREATE TABLE result (job INTEGER NOT NULL)"}};

std::unique_ptr<Database> open(const std::filesystem::path& path) {
  std::unique_ptr<Database> database = open_database(test_database({.path = path, .readers = 1}));
  database->migrate(Queue::migrations());
  database->migrate(kResults);
  return database;
}

// Reports every step through the pipe, so that the parent can kill it after any number of steps.
void work(const std::filesystem::path& path, int pipe) {
  const auto report = [pipe] {
    if (::write(pipe, "x", 1) != 1) ::_exit(1);
  };
  const std::unique_ptr<Database> database = open(path);
  Queue queue(*database);
  while (const auto job = queue.take("read", std::chrono::hours(1))) {
    report();
    database->write([&](Transaction& transaction) {
      transaction.execute("INSERT INTO result (job) VALUES (?)", {job->number});
      report();
      queue.finish(transaction, *job);
      transaction.execute("SELECT 1");
      report();
    });
    report();
  }
}

// Whether the child ended by itself: the queue was empty.
bool work_and_be_killed(const std::filesystem::path& path, int after_steps) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    work(path, ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  char step;
  for (int i = 0; i < after_steps && ::read(ends[0], &step, 1) == 1; ++i) {
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::int64_t count(Database& database, std::string_view sql) {
  return database.read([&](Connection& connection) {
    std::int64_t number = -1;
    connection.query(sql, {}, [&](const Row& row) { number = row.integer(0); });
    return number;
  });
}

TEST(QueueKill, LosesAndDoublesNothing) {
  const TemporaryFolder folder;
  const auto path = folder / "test.db";
  {
    const auto database = open(path);
    Queue queue(*database);
    database->write([&](Transaction& transaction) {
      for (int i = 0; i < kJobs; ++i) queue.add(transaction, "read", i);
    });
  }
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> steps(0, 40);
  int kills = 0;
  while (!work_and_be_killed(path, steps(random))) ASSERT_LT(++kills, 500);
  const auto database = open(path);
  if (test_url().empty()) database->check_integrity();
  EXPECT_GT(kills, 5);
  EXPECT_EQ(count(*database, "SELECT COUNT(*) FROM job"), 0);
  EXPECT_EQ(count(*database, "SELECT COUNT(*) FROM result"), kJobs);
  EXPECT_EQ(count(*database, "SELECT COUNT(DISTINCT job) FROM result"), kJobs);
}

}  // namespace
}  // namespace meridian::storage
