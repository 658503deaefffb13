// Two nodes of one database: each with connections, a ledger and a record of its own, as two processes have.
#include <atomic>
#include <thread>

#include "record/store_fixture.h"
#include "record/subscriptions/subscriptions.h"

namespace meridian::record {
namespace {

class SharedStoreTest : public StoreTest {
 protected:
  static constexpr int kClients = 8;

  // From clients of both nodes at the same time: call(the node's record, the client's number).
  void from_both(const std::function<void(Record&, int)>& call) {
    trust::Ledger ledger(*other_, {.signing_key_file = folder_ / "ledger.key"});
    storage::Queue queue(*other_);
    Record record(*other_, ledger, queue, {.base_url = kBase});
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i) clients.emplace_back([&, i] { call(i % 2 ? record : *record_, i); });
    clients.clear();
    const trust::LedgerVerdict verdict = ledger_->verify();
    EXPECT_TRUE(verdict.intact) << verdict.what;
    EXPECT_EQ(ledger_->size(), ledger.size());
  }

  std::unique_ptr<storage::Database> other_ =
      storage::open_database(storage::test_database({.path = folder_ / "test.db", .synchronous = false}));
};

TEST_F(SharedStoreTest, CreatesOnceWhatManyCreateOnCondition) {
  constexpr int kEach = 10;
  from_both([&](Record& record, int) {
    for (int i = 0; i < kEach; ++i) {
      Json patient = Json::parse(R"({"resourceType": "Patient"})");
      patient["identifier"] = Json::array({Json::object({{"value", std::to_string(i)}})});
      record.create(system_, patient, "identifier=" + std::to_string(i));
    }
  });
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), kEach);
}

TEST_F(SharedStoreTest, LetsOneOfManyChangeAVersion) {
  constexpr int kRounds = 10;
  put(R"({"resourceType": "Basic", "id": "b", "code": {"text": "first"}})");
  std::atomic<int> changed = 0;
  from_both([&](Record& record, int client) {
    for (int version = 1; version <= kRounds; ++version) {
      Json basic = Json::parse(R"({"resourceType": "Basic", "id": "b"})");
      basic["code"]["text"] = std::to_string(client) + "/" + std::to_string(version);
      while (record.read(system_, "Basic", "b").number < version) std::this_thread::yield();
      const auto code = code_of([&] { record.update(system_, basic, version); });
      changed += !code;
      EXPECT_EQ(code.value_or(ErrorCode::precondition_failed), ErrorCode::precondition_failed);
    }
  });
  EXPECT_EQ(changed, kRounds);
  EXPECT_EQ(record_->read(system_, "Basic", "b").number, kRounds + 1);
}

// What a subscription over WebSockets is told, on the node that holds the socket.
TEST_F(SharedStoreTest, TellsListenersOnTheOtherNode) {
  if (storage::test_url().empty()) GTEST_SKIP() << "only one process has a file of SQLite";
  trust::Ledger ledger(*other_, {.signing_key_file = folder_ / "ledger.key"});
  storage::Queue queue(*other_);
  Record other(*other_, ledger, queue, {.base_url = kBase});
  std::atomic<int> heard = 0;
  const auto listening = other.subscriptions().listen("s", [&] { ++heard, heard.notify_all(); });
  put(R"({"resourceType": "Subscription", "id": "s", "status": "requested", "reason": "test",
      "criteria": "Basic", "channel": {"type": "websocket"}})");
  database_->write([](storage::Transaction& transaction) {
    transaction.execute("UPDATE subscription SET status = 'active'");
  });
  put(R"({"resourceType": "Basic", "id": "b", "code": {"text": "first"}})");
  heard.wait(0);
  EXPECT_EQ(other.subscriptions().standing("s")->row.events, 1);
}

TEST_F(SharedStoreTest, TakesTheOtherNodesTokens) {
  put(R"({"resourceType": "Subscription", "id": "s", "status": "requested", "reason": "test",
      "criteria": "Basic", "channel": {"type": "websocket"}})");
  const Json given =
      Json::parse(record_->operate(system_, "get-ws-binding-token", {.type = "Subscription", .id = "s"}));
  std::string token;
  for (const Json& parameter : given.get("parameter").items())
    if (parameter.text("name") == "token") token = parameter.text("valueString");
  trust::Ledger ledger(*other_, {.signing_key_file = folder_ / "ledger.key"});
  storage::Queue queue(*other_);
  Record other(*other_, ledger, queue, {.base_url = kBase});
  EXPECT_EQ(other.subscriptions().of_token(token), std::vector<std::string>{"s"});
  token.back() = token.back() == '0' ? '1' : '0';
  EXPECT_EQ(code_of([&] { other.subscriptions().of_token(token); }), ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace meridian::record
