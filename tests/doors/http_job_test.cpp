// What failed for good, before who runs the node.
#include "doors/http_node_fixture.h"
#include "engine/run_progress.h"

namespace meridian::doors::http {
namespace {

class HttpJobTest : public HttpNodeTest {
 protected:
  // A notification that failed for good. Its number.
  std::int64_t park(const std::string& subscription) {
    database_->write([&](storage::Transaction& transaction) {
      queue_.add(transaction, "test",
                 Json::object({{"subscription", subscription}, {"patient", "Patient/p"}}));
    });
    queue_.fail(*queue_.take("test"), "it answered 500", 1);
    return queue_.parked().front().number;
  }
  static std::string act(std::int64_t number, const std::string& name) {
    return "/jobs/parked/" + std::to_string(number) + "/" + name;
  }
  std::vector<std::string> in_ledger() {
    std::vector<std::string> acts;
    for (const trust::LedgerEntry& entry : ledger_.entries({}))
      if (entry.kind.starts_with("job."))
        acts.push_back(entry.display + ": " + entry.kind + " " + entry.entity + entry.detail.text("reason"));
    return acts;
  }
};

TEST_F(HttpJobTest, ShowsFailedWorkWithoutItsPatients) {
  park("s");
  sign_in("root");
  const HttpAnswer answer = get("/jobs/parked");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json row = answer.json().get("rows").at(0);
  EXPECT_EQ(row.text("topic"), "test");
  EXPECT_EQ(row.text("about"), "Subscription/s");
  EXPECT_EQ(row.text("reason"), "it answered 500");
  EXPECT_EQ(answer.body.find("Patient/p"), std::string::npos);
}

TEST_F(HttpJobTest, TriesAgain) {
  const std::int64_t number = park("s");
  sign_in("root");
  EXPECT_EQ(post(act(number, "retry"), "{}").status, 204);
  EXPECT_TRUE(queue_.parked().empty());
  EXPECT_TRUE(queue_.take("test"));
  EXPECT_EQ(post(act(number, "retry"), "{}").status, 404);
  EXPECT_THAT(in_ledger(), ::testing::ElementsAre("root: job.retry job/" + std::to_string(number) + " test"));
}

TEST_F(HttpJobTest, DiscardsWithAReason) {
  const std::int64_t number = park("s");
  sign_in("root");
  EXPECT_EQ(post(act(number, "discard"), "{}").status, 400);
  EXPECT_EQ(queue_.parked().size(), 1u);
  EXPECT_EQ(post(act(number, "discard"), R"({"reason":"not needed"})").status, 204);
  EXPECT_TRUE(queue_.parked().empty());
  EXPECT_FALSE(queue_.take("test"));
  EXPECT_THAT(in_ledger(),
              ::testing::ElementsAre("root: job.discard job/" + std::to_string(number) + " testnot needed"));
}

TEST_F(HttpJobTest, IsForWhoRunsTheNode) {
  const std::int64_t number = park("s");
  // A refusal before the body was read ends the connection.
  const auto as = [&](const char* username, const std::string& method, const std::string& target) {
    client_ = std::make_unique<HttpClient>(server_->port());
    sign_in(username);
    return send(method, target, method == "GET" ? "" : R"({"reason":"x"})").status;
  };
  for (const char* other : {"wang", "lin"}) {
    EXPECT_EQ(as(other, "GET", "/jobs/parked"), 403) << other;
    EXPECT_EQ(as(other, "POST", act(number, "retry")), 403) << other;
    EXPECT_EQ(as(other, "POST", act(number, "discard")), 403) << other;
  }
  EXPECT_EQ(queue_.parked().size(), 1u);
  EXPECT_EQ(as("root", "GET", "/jobs/parked"), 200);
  EXPECT_EQ(post("/jobs/parked/x/retry", "{}").status, 404);
  EXPECT_EQ(post("/jobs/parked/99999999999999999999/retry", "{}").status, 404);
}

// Nobody goes on with it.
TEST_F(HttpJobTest, ForgetsHowFarADiscardedReadingWas) {
  const engine::RunRequest run{"pathology", "1.2.3", {}, "Patient/p", {}, {}};
  database_->write([&](storage::Transaction& transaction) {
    queue_.add(transaction, std::string(engine::kRunTopic), run.to_json());
    transaction.execute(
        "INSERT INTO assistant_progress VALUES ('pathology', '1.2.3', '1', 'Patient/p', '', 1, 2)");
  });
  queue_.fail(*queue_.take(std::string(engine::kRunTopic)), "no", 1);
  sign_in("root");
  EXPECT_EQ(post(act(queue_.parked().at(0).number, "discard"), R"({"reason":"not needed"})").status, 204);
  const auto is_kept = [](storage::Connection& connection) {
    return connection.query_first("SELECT 1 FROM assistant_progress", {}, [](const storage::Row&) {});
  };
  EXPECT_FALSE(database_->read(is_kept));
}

}  // namespace
}  // namespace meridian::doors::http
