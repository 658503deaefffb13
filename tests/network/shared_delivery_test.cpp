// Two processes that deliver what happens in one database: each event goes out once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "base/temporary_folder.h"
#include "network/peer.h"
#include "network/subscription_delivery.h"
#include "storage/test_database.h"
#include "trust/access.h"

namespace meridian::network {
namespace {

constexpr int kEvents = 40;
constexpr const char* kBase = "http://node.example/fhir";

struct Node {
  Node(const storage::DatabaseOptions& options, const std::filesystem::path& folder)
      : database(storage::open_database(options)),
        migrated(migrate(*database)),
        ledger(*database, {.signing_key_file = folder / "ledger.key"}),
        queue(*database),
        record(*database, ledger, queue, {.base_url = kBase}),
        client({.hosts = HostList("127.0.0.1"), .policy = AddressPolicy("127.0.0.0/8"), .plain = true}),
        delivery(record, queue, client,
                 {.account = [](const trust::Principal& who) { return std::optional(who); }}) {
    record.subscriptions().set_endpoint_rule([](const std::string&) {});
  }

  static bool migrate(storage::Database& database) {
    database.migrate(storage::Queue::migrations());
    database.migrate(trust::access_migrations());
    database.migrate(trust::Ledger::migrations());
    database.migrate(record::Record::migrations());
    return true;
  }
  std::int64_t jobs() {
    return database->read([](storage::Connection& connection) {
      std::int64_t count = 0;
      connection.query("SELECT COUNT(*) FROM job", {},
                       [&](const storage::Row& row) { count = row.integer(0); });
      return count;
    });
  }

  const std::unique_ptr<storage::Database> database;
  const bool migrated;
  trust::Ledger ledger;
  storage::Queue queue;
  record::Record record;
  const HttpClient client;
  SubscriptionDelivery delivery;
};

// A process that delivers from when it is told to until its pipe ends.
class DeliveringProcess {
 public:
  DeliveringProcess(const storage::DatabaseOptions& options, const std::filesystem::path& folder) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[1]);
      ::_exit(run(ends[0], options, folder));
    }
    ::close(ends[0]);
    to_child_ = ends[1];
  }
  // Both write ends, the other child's too, are closed by then, or it would not end.
  ~DeliveringProcess() {
    ::close(to_child_);
    int status = 0;
    ::waitpid(child_, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  DeliveringProcess(const DeliveringProcess&) = delete;
  DeliveringProcess& operator=(const DeliveringProcess&) = delete;
  void begin() const { ASSERT_EQ(::write(to_child_, "x", 1), 1); }
  void end() const { ASSERT_EQ(::write(to_child_, "e", 1), 1); }

 private:
  static int run(int from_parent, const storage::DatabaseOptions& options,
                 const std::filesystem::path& folder) {
    char word = 0;
    if (::read(from_parent, &word, 1) != 1) return 1;
    Node node(options, folder);
    node.delivery.start();
    if (::read(from_parent, &word, 1) != 1) return 1;
    node.delivery.stop();
    return 0;
  }

  pid_t child_ = 0;
  int to_child_ = -1;
};

TEST(SharedDelivery, SendsEachEventOnceAndInOrder) {
  const TemporaryFolder folder;
  const storage::DatabaseOptions options =
      storage::test_database({.path = folder / "record.db", .synchronous = false});
  const DeliveringProcess one(options, folder.path()), other(options, folder.path());  // before any thread
  Peer peer;
  Node node(options, folder.path());
  const trust::Principal system = trust::Principal::system();
  Json subscription =
      Json::parse(R"({"resourceType":"Subscription","id":"s","status":"requested","reason":"test",
      "criteria":"Basic?code=a","channel":{"type":"rest-hook","payload":"application/fhir+json"}})");
  subscription["channel"]["endpoint"] = peer.address("/hook");
  node.record.update(system, subscription);
  while (node.delivery.run_one()) {
  }
  one.begin();
  other.begin();
  for (int i = 0; i < kEvents; ++i)
    node.record.update(system, Json::parse(R"({"resourceType":"Basic","id":"b)" + std::to_string(i) +
                                           R"(","code":{"coding":[{"code":"a"}]}})"));
  while (node.jobs() > 0) std::this_thread::yield();
  one.end();
  other.end();
  std::vector<std::string> told, expected;
  for (const Peer::Request& request : peer.requests()) told.emplace_back(request.target());
  for (int i = 0; i < kEvents; ++i) expected.push_back("/hook/Basic/b" + std::to_string(i));
  EXPECT_THAT(told, ::testing::ElementsAreArray(expected));
}

}  // namespace
}  // namespace meridian::network
