// Subscriptions over WebSockets, and the operations that tell how they stand.
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

  const HttpAnswer events = get("/fhir/Subscription/" + id + "/$events?eventsUntilNumber=1");
  ASSERT_EQ(events.status, 200) << events.body;
  EXPECT_THAT(events.body, HasSubstr("\"query-event\""));
  EXPECT_THAT(events.body, HasSubstr("Patient/" + first));
  EXPECT_EQ(events.json().get("entry").size(), 2u);
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/Subscription/" + id + "/$events").status, 404);
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
