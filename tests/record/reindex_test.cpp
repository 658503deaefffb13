// Indexing all resources anew, killed in its midst: the next start goes on where it was.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "record/record.h"
#include "storage/test_database.h"
#include "trust/access.h"

namespace meridian::record {
namespace {

constexpr int kResources = 2600;  // six batches

struct Node {
  explicit Node(const storage::DatabaseOptions& options, const std::filesystem::path& folder)
      : database(open(options)),
        ledger(*database, {.signing_key_file = folder / "ledger.key"}),
        queue(*database),
        record(*database, ledger, queue) {}

  static std::unique_ptr<storage::Database> open(const storage::DatabaseOptions& options) {
    auto database = storage::open_database(options);
    database->migrate(storage::Queue::migrations());
    database->migrate(trust::access_migrations());
    database->migrate(trust::Ledger::migrations());
    database->migrate(Record::migrations());
    return database;
  }

  bool finds(int number) {
    const Json bundle = Json::parse(
        record.search(trust::Principal::system(), "Basic", {{"identifier", "p" + std::to_string(number)}}));
    return bundle.get("entry").size() == 1;
  }

  const std::unique_ptr<storage::Database> database;
  trust::Ledger ledger;
  storage::Queue queue;
  Record record;
};

class ReindexTest : public ::testing::Test {
 protected:
  // As another program leaves it: without rows that this one would find anything by.
  void SetUp() override {
    Node node(options_, folder_.path());
    Json entries = Json::array();
    for (int i = 0; i < kResources; ++i)
      entries.push_back(
          Json::parse(R"({"resource":{"resourceType":"Basic","code":{"text":"x"},"identifier":[{"value":"p)" +
                      std::to_string(i) + R"("}]},"request":{"method":"POST","url":"Basic"}})"));
    node.record.execute(
        trust::Principal::system(),
        Json::object({{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", std::move(entries)}}));
    change(*node.database, "DELETE FROM token_index");
    change(*node.database, "UPDATE index_state SET value = 'another program' WHERE name = 'definitions'");
  }

  static void change(storage::Database& database, const std::string& sql) {
    database.write([&](storage::Transaction& transaction) { transaction.execute(sql); });
  }
  void change(const std::string& sql) const { change(*storage::open_database(options_), sql); }

  // Starts a process that indexes and is killed in the fourth batch, at a resource that cannot be read.
  void index_and_be_killed() const {
    change("CREATE TABLE kept_body AS SELECT body FROM resource WHERE key = 1700");
    change("UPDATE resource SET body = '' WHERE key = 1700");
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const Node node(options_, folder_.path());
      } catch (const Error&) {
        ::kill(::getpid(), SIGKILL);
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it came to its end";
    change("UPDATE resource SET body = (SELECT body FROM kept_body) WHERE key = 1700");
    change("DROP TABLE kept_body");
  }

  // The numbers of those that are found.
  static std::vector<int> found_in(Node& node) {
    std::vector<int> numbers;
    for (int i = 0; i < kResources; ++i)
      if (node.finds(i)) numbers.push_back(i);
    return numbers;
  }

  TemporaryFolder folder_;
  const storage::DatabaseOptions options_ =
      storage::test_database({.path = folder_ / "record.db", .readers = 2, .synchronous = false});
};

TEST_F(ReindexTest, GoesOnWhereItWasKilled) {
  index_and_be_killed();
  // Had it begun anew, it would have made this row again.
  change("DELETE FROM token_index WHERE resource = 1");
  Node node(options_, folder_.path());
  const std::vector<int> found = found_in(node);
  EXPECT_EQ(found.size(), static_cast<std::size_t>(kResources) - 1);
  EXPECT_FALSE(node.finds(0));
}

TEST_F(ReindexTest, BeginsAnewForAnotherProgram) {
  index_and_be_killed();
  change("DELETE FROM token_index WHERE resource = 1");
  change("UPDATE index_state SET value = 'another program 1500' WHERE name = 'progress'");
  Node node(options_, folder_.path());
  EXPECT_EQ(found_in(node).size(), static_cast<std::size_t>(kResources));
}

TEST_F(ReindexTest, IsDoneOnce) {
  { const Node node(options_, folder_.path()); }
  change("DELETE FROM token_index WHERE resource = 1");
  Node node(options_, folder_.path());
  EXPECT_FALSE(node.finds(0));
}

}  // namespace
}  // namespace meridian::record
