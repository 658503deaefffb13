// Subscriptions over WebSockets, and the operations that tell how they stand.
#include "doors/http/subscription_socket.h"
#include "doors/http_node_fixture.h"
#include "doors/web_socket_client.h"
#include "network/subscription_delivery.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class HttpSubscriptionTest : public HttpNodeTest {
 protected:
  std::string token_of(const std::string& username) { return identity_.sign_in(username, kPassword).token; }

  // Its id.
  std::string subscribe(const std::string& criteria, const std::string& more = {}) {
    const HttpAnswer answer = post("/fhir/Subscription",
                                   R"({"resourceType":"Subscription","status":"requested","reason":"test",
        "criteria":")" + criteria + R"(","channel":{"type":"websocket","payload":"application/fhir+json")" +
                                       more + "}}");
    EXPECT_EQ(answer.status, 201) << answer.body;
    while (delivery_.run_one()) {
    }
    return answer.json().text("id");
  }
  std::string topic() const { return record_.options().base_url + "/SubscriptionTopic/Patient"; }
  static std::string with_content(const std::string& code) {
    return R"(,"_payload":{"extension":[{"url":"http://hl7.org/fhir/uv/subscriptions-backport/)"
           R"(StructureDefinition/backport-payload-content","valueCode":")" +
           code + R"("}]})";
  }

  network::HttpClient http_{network::HttpClientOptions{}};
  network::SubscriptionDelivery delivery_{
      record_, queue_, http_, {.account = [this](const trust::Principal& who) {
        return identity_.principal(who.user);
      }}};
};

TEST_F(HttpSubscriptionTest, PingsWhoIsBound) {
  const std::string id = subscribe("Patient?family=Wang");
  WebSocketClient client(server_->port(), "/fhir/websocket", token_of("wang"));
  client.say("bind " + id);
  EXPECT_EQ(client.hear(), "bound " + id);
  create_patient();
  EXPECT_EQ(client.hear(), "ping " + id);
}

TEST_F(HttpSubscriptionTest, TakesCodesWithTheirSystem) {
  const std::string id = subscribe("Observation?code=http://loinc.org|1975-2");
  EXPECT_EQ(get("/fhir/Subscription/" + id).json().text("status"), "active");
}

TEST_F(HttpSubscriptionTest, AsksNothingOfTypesThatTheSubscriberMayNotRead) {
  const HttpAnswer answer = post("/fhir/Subscription",
                                 R"({"resourceType":"Subscription","status":"requested","reason":"test",
        "criteria":"Patient?_has:AuditEvent:patient:action=R","channel":{"type":"websocket"}})");
  EXPECT_EQ(answer.status, 403) << answer.body;
}

TEST_F(HttpSubscriptionTest, SaysThatAPingHandsOutNothing) {
  const std::string id = subscribe("Patient");
  WebSocketClient client(server_->port(), "/fhir/websocket", token_of("wang"));
  client.say("bind " + id);
  client.hear();
  const std::string patient = create_patient();
  EXPECT_EQ(client.hear(), "ping " + id);
  ledger_.flush();
  for (const trust::LedgerEntry& entry : ledger_.entries({.patient = "Patient/" + patient}))
    EXPECT_NE(entry.kind, "fhir.read");
}

TEST_F(HttpSubscriptionTest, HasOneTaskWaitingHoweverMuchIsWritten) {
  struct Socket : WebSocket {
    std::vector<std::string> said;
    std::vector<std::function<void()>> tasks;
    std::vector<std::shared_ptr<void>> kept;
    bool send(std::string text) override { return said.push_back(std::move(text)), true; }
    void close() override {}
    void on_text(std::function<void(const std::string&)>) override {}
    void on_tick(std::function<void()>) override {}
    void later(std::function<void()> task) override { tasks.push_back(std::move(task)); }
    void belong_to(std::string) override {}
    void keep(std::shared_ptr<void> what) override { kept.push_back(std::move(what)); }
  };
  const std::string id = subscribe("Patient");
  const auto socket = std::make_shared<Socket>();
  const auto talk = std::make_shared<SubscriptionSocket>(
      record_, identity_, record_.subscriptions().standing(id)->row.subscriber, socket);
  talk->hear("bind " + id);
  for (int i = 0; i < 3; ++i) create_patient();
  ASSERT_EQ(socket->tasks.size(), 1u);
  socket->tasks[0]();
  EXPECT_THAT(socket->said, ::testing::ElementsAre("bound " + id, "ping " + id));
  create_patient();
  ASSERT_EQ(socket->tasks.size(), 2u);
  socket->tasks[1]();
  EXPECT_EQ(socket->said.size(), 3u);
}

TEST_F(HttpSubscriptionTest, LimitsTheSubscriptionsOfAnAccount) {
  const std::string asked = R"({"resourceType":"Subscription","status":"requested","reason":"test",
      "criteria":"Patient","channel":{"type":"websocket"}})";
  std::string last;
  for (int i = 0; i < 100; ++i) last = post("/fhir/Subscription", asked).json().text("id");
  EXPECT_EQ(post("/fhir/Subscription", asked).status, 413);
  const Json again = get("/fhir/Subscription/" + last).json();
  EXPECT_EQ(send("PUT", "/fhir/Subscription/" + last, again.dump()).status, 200) << "it is counted once";
  sign_in("zhao");
  EXPECT_EQ(post("/fhir/Subscription", asked).status, 201);
  sign_in("wang");
  send("DELETE", "/fhir/Subscription/" + last);
  EXPECT_EQ(post("/fhir/Subscription", asked).status, 201);
}

TEST_F(HttpSubscriptionTest, RefusesTheStateThatTheNodeGives) {
  EXPECT_EQ(post("/fhir/Subscription", R"({"resourceType":"Subscription","reason":"test","criteria":"Patient",
      "status":"error","channel":{"type":"websocket"}})")
                .status,
            422);
}

TEST_F(HttpSubscriptionTest, RefusesHeadersThatNoServerTakes) {
  const auto status = [&](std::size_t bytes) {
    return post("/fhir/Subscription",
                R"({"resourceType":"Subscription","reason":"test","criteria":"Patient","status":"requested",
                "channel":{"type":"websocket","header":["X: )" +
                    std::string(bytes, 'x') + "\"]}}")
        .status;
  };
  EXPECT_EQ(status(8193), 422);
  EXPECT_EQ(status(8000), 201);
}

TEST_F(HttpSubscriptionTest, EndsWithTheSession) {
  const std::string id = subscribe("Patient"), token = token_of("wang");
  WebSocketClient client(server_->port(), "/fhir/websocket", token);
  client.say("bind " + id);
  EXPECT_EQ(client.hear(), "bound " + id);
  identity_.sign_out(token);
  EXPECT_EQ(client.hear(), "");
}

TEST_F(HttpSubscriptionTest, BindsOnlyWhoMaySeeTheSubscription) {
  const std::string id = subscribe("Patient");
  for (const std::string& token : {std::string(), token_of("zhao")}) {
    WebSocketClient client(server_->port(), "/fhir/websocket", token);
    client.say("bind " + id);
    EXPECT_THAT(client.hear(), HasSubstr("OperationOutcome"));
    EXPECT_EQ(client.hear(), "");
  }
}

TEST_F(HttpSubscriptionTest, SaysNothingOfWhatTheSubscriberMayNotSee) {
  const std::string id = subscribe("Patient");
  WebSocketClient client(server_->port(), "/fhir/websocket", token_of("wang"));
  client.say("bind " + id);
  client.hear();
  sign_in("zhao");
  post("/fhir/Patient", patient("Zhou", "west"));
  sign_in("wang");
  create_patient();
  EXPECT_EQ(client.hear(), "ping " + id);
  EXPECT_EQ(
      get("/fhir/Subscription/" + id + "/$status").json().get("entry.resource.parameter").items().size(), 4u);
}

TEST_F(HttpSubscriptionTest, BindsByTokenAndSendsBundles) {
  const std::string id = subscribe(topic(), with_content("full-resource"));
  const HttpAnswer answer = get("/fhir/Subscription/" + id + "/$get-ws-binding-token");
  ASSERT_EQ(answer.status, 200) << answer.body;
  std::string token;
  const Json parameters = answer.json();
  for (const Json& parameter : parameters.get("parameter").items())
    if (parameter.text("name") == "token") token = parameter.text("valueString");
  WebSocketClient client(server_->port(), "/fhir/websocket");
  client.say("bind-with-token: " + token);
  EXPECT_THAT(client.hear(), HasSubstr("\"handshake\""));
  const std::string patient = create_patient();
  const std::string told = client.hear();
  EXPECT_THAT(told, HasSubstr("\"event-notification\""));
  EXPECT_EQ(Json::parse(told).get("entry").items().at(1).text("resource.id"), patient);

  token.back() = token.back() == '0' ? '1' : '0';
  WebSocketClient forger(server_->port(), "/fhir/websocket");
  forger.say("bind-with-token: " + token);
  EXPECT_THAT(forger.hear(), HasSubstr("OperationOutcome"));
}

TEST_F(HttpSubscriptionTest, SendsHeartbeatsToWhoHearsNothingElse) {
  const std::string id = subscribe(
      topic(),
      with_content("empty") +
          R"(,"extension":[{"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/)"
          R"(backport-heartbeat-period","valueUnsignedInt":10}])");
  WebSocketClient client(server_->port(), "/fhir/websocket", token_of("wang"));
  client.say("bind " + id);
  EXPECT_THAT(client.hear(), HasSubstr("\"handshake\""));
  for (int i = 0; i < 2; ++i) {
    seconds_ahead_ += 11;
    EXPECT_THAT(client.hear(), HasSubstr("\"heartbeat\""));
  }
}

TEST_F(HttpSubscriptionTest, TellsHowItStandsAndWhatHappened) {
  const std::string id = subscribe(topic(), with_content("id-only"));
  const std::string first = create_patient();
  create_patient();
  const HttpAnswer status = get("/fhir/Subscription/$status?id=" + id);
  ASSERT_EQ(status.status, 200) << status.body;
  EXPECT_THAT(status.body, HasSubstr("\"query-status\""));
  EXPECT_THAT(status.body, HasSubstr(R"("name":"events-since-subscription-start","valueString":"2")"));
  EXPECT_EQ(get("/fhir/Subscription/$status?id=" + id + "&status=off").json().get("total").as_int(), 0);

  const std::string other = subscribe("Patient");
  EXPECT_EQ(get("/fhir/Subscription/$status").json().get("total").as_int(), 2);
  send("DELETE", "/fhir/Subscription/" + other);
  EXPECT_EQ(get("/fhir/Subscription/$status?status=active").json().get("total").as_int(), 1);

  const HttpAnswer events = get("/fhir/Subscription/" + id + "/$events?eventsUntilNumber=1");
  ASSERT_EQ(events.status, 200) << events.body;
  EXPECT_THAT(events.body, HasSubstr("\"query-event\""));
  EXPECT_THAT(events.body, HasSubstr("Patient/" + first));
  EXPECT_EQ(events.json().get("entry").size(), 2u);
  EXPECT_EQ(get("/fhir/Subscription/" + id + "/$events?content=all").status, 422);
  EXPECT_EQ(get("/fhir/Subscription/" + id + "/$events?eventsSinceNumber=-9223372036854775808").status, 422);
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/Subscription/" + id + "/$events").status, 404);
  EXPECT_EQ(get("/fhir/Subscription/$status").json().get("total").as_int(), 0);
}

TEST_F(HttpSubscriptionTest, RefusesCriteriaThatEachWriteWouldFailOn) {
  std::string filters;
  for (int i = 0; i < 1000; ++i)
    filters += std::string(i ? "," : "") +
               R"({"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/)"
               R"(backport-filter-criteria","valueString":"Patient?family=a"})";
  for (const std::string& criteria :
       {R"("criteria":")" + topic() + R"(","_criteria":{"extension":[)" + filters + "]}",
        std::string(R"("criteria":"Patient?name=a%00b")")}) {
    const HttpAnswer answer =
        post("/fhir/Subscription", R"({"resourceType":"Subscription","status":"requested","reason":"test",)" +
                                       criteria + R"(,"channel":{"type":"websocket"}})");
    EXPECT_TRUE(answer.status == 400 || answer.status == 422) << answer.status << answer.body;
  }
  EXPECT_EQ(post("/fhir/Patient", patient()).status, 201);
}

TEST_F(HttpSubscriptionTest, FailsWithoutTheWriteThatItIsAskedOf) {
  const std::string id = subscribe("Patient?family=Wang"), other = subscribe("Patient");
  Json queries = Json::array();
  for (int i = 0; i < 1000; ++i) queries.push_back("family=a");  // too many for SQLite
  queries.push_back("identifier=%ff");                           // no text for PostgreSQL
  const std::string text = queries.dump();
  database_->write([&](storage::Transaction& transaction) {
    transaction.execute("UPDATE subscription SET queries = ? WHERE id = ?", {text, id});
  });
  EXPECT_EQ(post("/fhir/Patient", patient()).status, 201);
  while (delivery_.run_one()) {
  }
  EXPECT_EQ(get("/fhir/Subscription/" + id).json().text("status"), "error");
  EXPECT_THAT(get("/fhir/Subscription/" + other + "/$status").body,
              HasSubstr(R"("name":"events-since-subscription-start","valueString":"1")"));
}

TEST_F(HttpSubscriptionTest, IsNoAddressForPlainRequests) {
  EXPECT_EQ(get("/fhir/websocket").status, 400);
}

TEST_F(HttpSubscriptionTest, IsInTheCapabilityStatement) {
  const std::string statement = get("/fhir/metadata").body;
  EXPECT_THAT(statement, HasSubstr("capabilitystatement-websocket"));
  EXPECT_THAT(statement, HasSubstr("/SubscriptionTopic/Observation"));
}

}  // namespace
}  // namespace meridian::doors::http
