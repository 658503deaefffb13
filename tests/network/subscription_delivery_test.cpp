// Subscriptions by rest-hook, from what is written to what a server is sent.
#include "network/subscription_delivery.h"

#include <gmock/gmock.h>

#include "network/peer.h"
#include "record/store_fixture.h"

namespace meridian::network {
namespace {

using record::Version;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kBackport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

class SubscriptionDeliveryTest : public record::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    east_ = clinician("east");
    record_->subscriptions().set_endpoint_rule(
        [this](const std::string& endpoint) { hosts_.require(parse_url(endpoint)); });
    for (const char* id : {"east", "west"})
      put(R"({"resourceType":"Organization","id":")" + std::string(id) + R"(","name":"x"})");
    put(patient("p-east", "east"));
    put(patient("p-west", "west"));
    delivery_.emplace(*record_, queue_, client_, DeliveryOptions{.account = [this](const Principal& who) {
      return account_active_ ? std::optional(who) : std::nullopt;
    }});
  }

  static std::string patient(const std::string& id, const std::string& organization) {
    return R"({"resourceType":"Patient","id":")" + id +
           R"(","managingOrganization":{"reference":"Organization/)" + organization + R"("}})";
  }
  static std::string observation(const std::string& id, const std::string& code,
                                 const std::string& patient = "p-east") {
    return R"({"resourceType":"Observation","id":")" + id +
           R"(","status":"final","code":{"coding":[{"code":")" + code +
           R"("}]},"subject":{"reference":"Patient/)" + patient + R"("}})";
  }

  Json asked(const std::string& criteria, const std::string& payload = {}) const {
    Json subscription = Json::parse(R"({"resourceType":"Subscription","id":"s","status":"requested",
        "reason":"test","channel":{"type":"rest-hook","header":["X-Key: secret"]}})");
    subscription["criteria"] = criteria;
    subscription["channel"]["endpoint"] = peer_.address("/hook");
    if (!payload.empty()) subscription["channel"]["payload"] = payload;
    return subscription;
  }
  static Json extension(const char* name, const char* member, Json value) {
    return Json::object({{"url", std::string(kBackport) + name}, {member, std::move(value)}});
  }
  Json on_topic(const std::string& content, const std::string& filter = {}) const {
    Json subscription = asked(std::string(kBase) + "/SubscriptionTopic/Observation", "application/fhir+json");
    if (!filter.empty())
      subscription["_criteria"] = Json::object(
          {{"extension", Json::array({extension("backport-filter-criteria", "valueString", filter)})}});
    subscription["channel"]["_payload"] = Json::object(
        {{"extension", Json::array({extension("backport-payload-content", "valueCode", content)})}});
    return subscription;
  }

  void subscribe(const Json& subscription) {
    record_->update(east_, subscription);
    work();
  }
  void work() {
    while (delivery_->run_one()) {
    }
  }
  // A notification that its peer refuses until it is tried no more.
  void fail_for_good() {
    peer_.answer([](const Peer::Request&) { return 503; });
    put(observation("one", "a"));
    while (queue_.parked().empty()) {
      work();
      ahead_ += std::chrono::hours(1);
      ASSERT_LT(ahead_, std::chrono::hours(100));
    }
  }
  Json subscription() { return Json::parse(record_->read(system_, "Subscription", "s").body); }
  std::vector<std::string> calls() const {
    std::vector<std::string> calls;
    for (const Peer::Request& request : peer_.requests())
      calls.push_back(std::string(request.method_string()) + " " + std::string(request.target()));
    return calls;
  }
  Json bundle(std::size_t number) const { return Json::parse(peer_.requests().at(number).body()); }
  static std::string said(const Json& bundle, const std::string& name) {
    for (const Json& parameter : bundle.get("entry.resource.parameter").items())
      if (parameter.text("name") == name)
        for (const char* member : {"valueCode", "valueString", "valueCanonical"})
          if (parameter.contains(member)) return parameter.text(member);
    return {};
  }

  Principal east_;
  Peer peer_;
  bool account_active_ = true;
  const HostList hosts_{"127.0.0.1"};
  const HttpClient client_{{.hosts = hosts_, .policy = AddressPolicy("127.0.0.0/8"), .plain = true}};
  std::optional<SubscriptionDelivery> delivery_;
};

TEST_F(SubscriptionDeliveryTest, PostsWhenSomethingMeetsTheCriteria) {
  subscribe(asked("Observation?code=a&status=final"));
  EXPECT_EQ(subscription().text("status"), "active");
  EXPECT_THAT(calls(), IsEmpty());
  put(observation("one", "b"));
  work();
  EXPECT_THAT(calls(), IsEmpty());
  put(observation("two", "a"));
  work();
  EXPECT_THAT(calls(), ElementsAre("POST /hook"));
  EXPECT_EQ(peer_.requests().at(0)["X-Key"], "secret");
  EXPECT_EQ(peer_.requests().at(0).body(), "");
}

TEST_F(SubscriptionDeliveryTest, SendsTheResourceAsAnUpdateWithAPayload) {
  subscribe(asked("Observation?code=a", "application/fhir+json"));
  put(observation("one", "a"));
  work();
  put(observation("one", "a", "p-east").insert(1, R"("language":"en",)"));
  work();
  EXPECT_THAT(calls(), ElementsAre("PUT /hook/Observation/one", "PUT /hook/Observation/one"));
  EXPECT_EQ(bundle(0).text("id"), "one");
  EXPECT_EQ(bundle(1).text("meta.versionId"), "2");
}

TEST_F(SubscriptionDeliveryTest, WritesXmlWhereItIsAskedFor) {
  subscribe(asked("Observation?code=a", "application/fhir+xml"));
  put(observation("one", "a"));
  work();
  EXPECT_EQ(peer_.requests().at(0)["Content-Type"], "application/fhir+xml");
  EXPECT_THAT(peer_.requests().at(0).body(), HasSubstr("<Observation xmlns="));
}

TEST_F(SubscriptionDeliveryTest, TellsNothingThatTheSubscriberMayNotSee) {
  subscribe(asked("Observation"));
  put(observation("theirs", "a", "p-west"));
  work();
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(SubscriptionDeliveryTest, LooksAgainAtDeliveryWhoMaySee) {
  subscribe(asked("Observation?code=a", "application/fhir+json"));
  put(observation("one", "a"));
  put(patient("p-east", "west"));  // before it was told
  work();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(subscription().text("status"), "active");
}

TEST_F(SubscriptionDeliveryTest, EndsWithTheAccount) {
  subscribe(asked("Observation"));
  account_active_ = false;
  put(observation("one", "a"));
  work();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(subscription().text("status"), "error");
  EXPECT_THAT(subscription().text("error"), HasSubstr("no longer active"));
}

TEST_F(SubscriptionDeliveryTest, TriesAgainForMoreThanADayThenSaysWhy) {
  subscribe(asked("Observation"));
  peer_.answer([](const Peer::Request&) { return 503; });
  put(observation("one", "a"));
  while (subscription().text("status") == "active") {
    work();
    ahead_ += std::chrono::minutes(10);
    ASSERT_LT(ahead_, std::chrono::hours(100));
  }
  EXPECT_GT(ahead_, std::chrono::hours(24));
  EXPECT_THAT(subscription().text("error"), HasSubstr("503"));
  EXPECT_EQ(queue_.parked().size(), 1u);
  peer_.answer([](const Peer::Request&) { return 200; });
  const std::size_t before = calls().size();
  work();
  EXPECT_EQ(calls().size(), before);
  Json again = subscription();
  again["status"] = "requested";
  subscribe(again);  // what was not told is told now
  EXPECT_EQ(subscription().text("status"), "active");
  EXPECT_FALSE(subscription().contains("error"));
  EXPECT_EQ(calls().size(), before + 1);
  EXPECT_TRUE(queue_.parked().empty()) << "its client has seen to it";
}

TEST_F(SubscriptionDeliveryTest, IsTriedAgainByWhoLooksAtFailedWork) {
  subscribe(on_topic("empty"));
  ASSERT_NO_FATAL_FAILURE(fail_for_good());
  EXPECT_EQ(subscription().text("status"), "error");
  const auto retry = [&] {
    const std::int64_t number = queue_.parked().at(0).number;
    database_->write([&](storage::Transaction& transaction) { queue_.retry(transaction, number); });
    work();
  };
  retry();
  EXPECT_EQ(subscription().text("status"), "error") << "it fails still";
  peer_.answer([](const Peer::Request&) { return 200; });
  ahead_ += std::chrono::hours(2);
  const std::size_t before = calls().size();
  work();
  EXPECT_EQ(subscription().text("status"), "active");
  ASSERT_EQ(calls().size(), before + 2);
  EXPECT_EQ(said(bundle(before), "type"), "handshake");
  EXPECT_EQ(said(bundle(before + 1), "type"), "event-notification");
  EXPECT_TRUE(queue_.parked().empty());
}

// What happens while it is in error waits.
TEST_F(SubscriptionDeliveryTest, TellsWhatCameWhileItWasInError) {
  subscribe(asked("Observation?code=a", "application/fhir+json"));
  ASSERT_NO_FATAL_FAILURE(fail_for_good());
  put(observation("meanwhile", "a"));
  put(observation("other", "b"));
  work();
  EXPECT_EQ(queue_.parked().size(), 1u) << "it makes no job of its own";
  Json again = subscription();
  again["status"] = "requested";
  record_->update(east_, again);
  put(observation("before-it-is-active", "a"));
  peer_.answer([](const Peer::Request&) { return 200; });
  const std::size_t before = calls().size();
  work();
  EXPECT_EQ(subscription().text("status"), "active");
  const std::vector<std::string> all = calls();
  EXPECT_THAT(std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(before), all.end()),
              ElementsAre("PUT /hook/Observation/one", "PUT /hook/Observation/meanwhile",
                          "PUT /hook/Observation/before-it-is-active"));
}

TEST_F(SubscriptionDeliveryTest, LetsOnlySoManyEventsWait) {
  subscribe(asked("Observation?code=a"));
  ASSERT_NO_FATAL_FAILURE(fail_for_good());
  const record::SubscriptionRow row = record_->subscriptions().standing("s")->row;
  database_->write([&](storage::Transaction& transaction) {
    for (std::int64_t i = 0; i <= record::kMostWaitingEvents; ++i)
      record::insert_event(transaction, row, {0, "Observation", "one", 1, {}, now()});
  });
  const auto events = database_->read([&](storage::Connection& connection) {
    return record::events_between(connection, "s", 0, 1'000'000, 1'000'000);
  });
  EXPECT_EQ(events.size(), static_cast<std::size_t>(record::kMostWaitingEvents));
  EXPECT_EQ(events.front().number, 3) << "the one that failed, and the next, are gone";
}

TEST_F(SubscriptionDeliveryTest, KeepsNothingForWhatWasNeverActive) {
  account_active_ = false;
  subscribe(asked("Observation"));
  EXPECT_EQ(subscription().text("status"), "error");
  put(observation("one", "a"));
  account_active_ = true;
  Json again = subscription();
  again["status"] = "requested";
  subscribe(again);
  EXPECT_EQ(subscription().text("status"), "active");
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(SubscriptionDeliveryTest, ForgetsFailedWorkWithItsSubscription) {
  subscribe(asked("Observation"));
  ASSERT_NO_FATAL_FAILURE(fail_for_good());
  record_->remove(east_, "Subscription", "s");
  EXPECT_TRUE(queue_.parked().empty());
}

TEST_F(SubscriptionDeliveryTest, SendsNothingToHostsThatNobodyAllowed) {
  Json elsewhere = asked("Observation");
  elsewhere["channel"]["endpoint"] = "https://collector.example/hook";
  for (const Principal& who : {east_, system_}) {
    const auto error = error_of([&] { record_->update(who, elsewhere); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), ErrorCode::forbidden);
    EXPECT_EQ(error->where(), "Subscription.channel.endpoint");
    EXPECT_THAT(error->describe(), HasSubstr("network.subscribers"));
  }
  elsewhere["channel"] = Json::object({{"type", "websocket"}});
  record_->update(east_, elsewhere);
}

TEST_F(SubscriptionDeliveryTest, EndsWhereAHostIsNoLongerAllowed) {
  subscribe(asked("Observation"));
  const HttpClient narrowed{{.policy = AddressPolicy("127.0.0.0/8"), .plain = true}};
  delivery_.emplace(*record_, queue_, narrowed,
                    DeliveryOptions{.account = [](const Principal& who) { return std::optional(who); }});
  put(observation("one", "a"));
  work();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(subscription().text("status"), "error");
  EXPECT_THAT(subscription().text("error"), HasSubstr("network.subscribers"));
}

TEST_F(SubscriptionDeliveryTest, SaysWhyAlsoWhereALibraryFails) {
  subscribe(asked("Observation"));
  delivery_.emplace(*record_, queue_, client_,
                    DeliveryOptions{.account = [](const Principal&) -> std::optional<Principal> {
                      throw std::length_error("no room");
                    }});
  put(observation("one", "a"));
  while (subscription().text("status") == "active") {
    work();
    ahead_ += std::chrono::hours(1);
    ASSERT_LT(ahead_, std::chrono::hours(100));
  }
  EXPECT_EQ(subscription().text("error"), "no room");
}

TEST_F(SubscriptionDeliveryTest, IsDoneWhenTheHeadSaysSo) {
  peer_.missing = 10;
  subscribe(asked("Observation"));
  put(observation("one", "a"));
  work();
  EXPECT_EQ(calls().size(), 1u);
  EXPECT_EQ(queue_.waiting(record::kSubscriptionQueue), 0);
}

TEST_F(SubscriptionDeliveryTest, LosesNothingWhileThePeerFails) {
  subscribe(asked("Observation?code=a", "application/fhir+json"));
  peer_.answer([](const Peer::Request& request) { return request.target().ends_with("/two") ? 500 : 200; });
  for (const char* id : {"one", "two", "three"}) put(observation(id, "a"));
  work();
  EXPECT_THAT(calls(), ElementsAre("PUT /hook/Observation/one", "PUT /hook/Observation/two"));
  peer_.answer([](const Peer::Request&) { return 200; });
  ahead_ += std::chrono::minutes(1);
  work();
  EXPECT_THAT(calls(), ElementsAre("PUT /hook/Observation/one", "PUT /hook/Observation/two",
                                   "PUT /hook/Observation/two", "PUT /hook/Observation/three"));
}

TEST_F(SubscriptionDeliveryTest, RefusesPrivateAddressesAtOnce) {
  const HttpClient careful{HttpClientOptions{.hosts = hosts_, .plain = true}};
  delivery_.emplace(*record_, queue_, careful,
                    DeliveryOptions{.account = [](const Principal& who) { return std::optional(who); }});
  subscribe(asked("Observation"));
  EXPECT_EQ(subscription().text("status"), "error");
  EXPECT_THAT(subscription().text("error"), HasSubstr("private"));
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(SubscriptionDeliveryTest, StopsAtItsEnd) {
  Json subscription_to = asked("Observation");
  subscription_to["end"] = format_instant(now() + std::chrono::hours(1));
  subscribe(subscription_to);
  EXPECT_EQ(subscription().text("status"), "active");
  ahead_ += std::chrono::hours(2);
  work();
  EXPECT_EQ(subscription().text("status"), "off");
  put(observation("one", "a"));
  work();
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(SubscriptionDeliveryTest, ShakesHandsOnATopicAndTellsEventsAsBundles) {
  subscribe(on_topic("full-resource", "Observation?code=a"));
  ASSERT_EQ(calls().size(), 1u);
  EXPECT_EQ(said(bundle(0), "type"), "handshake");
  EXPECT_EQ(said(bundle(0), "topic"), std::string(kBase) + "/SubscriptionTopic/Observation");
  put(observation("one", "a"));
  put(observation("two", "a"));
  put(observation("three", "b"));
  record_->remove(system_, "Observation", "one");
  work();
  ASSERT_EQ(calls().size(), 2u);
  const Json told = bundle(1);
  EXPECT_EQ(told.text("type"), "history");
  EXPECT_EQ(said(told, "type"), "event-notification");
  EXPECT_EQ(said(told, "events-since-subscription-start"), "3");
  const Json::Array& entries = told.get("entry").items();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[1].text("resource.id"), "one");
  EXPECT_EQ(entries[1].text("request.method"), "POST");
  EXPECT_EQ(entries[2].text("resource.id"), "two");
  EXPECT_EQ(entries[3].text("request.method"), "DELETE");
  EXPECT_FALSE(entries[3].contains("resource"));
  EXPECT_THAT(record_->validate(told).dump(), ::testing::Not(HasSubstr("\"error\"")));
}

TEST_F(SubscriptionDeliveryTest, TellsNoMoreThanTheContentAskedFor) {
  subscribe(on_topic("id-only"));
  put(observation("one", "a"));
  work();
  EXPECT_EQ(bundle(1).get("entry").items().at(1).text("fullUrl"), std::string(kBase) + "/Observation/one");
  EXPECT_FALSE(bundle(1).get("entry").items().at(1).contains("resource"));
  subscribe(on_topic("empty"));
  put(observation("two", "a"));
  work();
  const Json last = bundle(calls().size() - 1);
  EXPECT_EQ(last.get("entry").size(), 1u);
  EXPECT_THAT(last.dump(), ::testing::Not(HasSubstr("Observation/two")));
}

TEST_F(SubscriptionDeliveryTest, IsNotActiveBeforeTheHandshake) {
  peer_.answer([](const Peer::Request&) { return 500; });
  subscribe(on_topic("empty"));
  EXPECT_EQ(subscription().text("status"), "requested");
  peer_.answer([](const Peer::Request&) { return 200; });
  ahead_ += std::chrono::minutes(1);
  work();
  EXPECT_EQ(subscription().text("status"), "active");
}

TEST_F(SubscriptionDeliveryTest, BeatsWhileNothingHappens) {
  Json subscription_to = on_topic("empty");
  subscription_to["channel"]["extension"] =
      Json::array({extension("backport-heartbeat-period", "valueUnsignedInt", 60)});
  subscribe(subscription_to);
  ahead_ += std::chrono::seconds(61);
  work();
  ASSERT_EQ(calls().size(), 2u);
  EXPECT_EQ(said(bundle(1), "type"), "heartbeat");
}

TEST_F(SubscriptionDeliveryTest, GivesUpOnASlowPeerAndTriesAgain) {
  Json subscription_to = on_topic("empty");
  subscription_to["channel"]["extension"] =
      Json::array({extension("backport-timeout", "valueUnsignedInt", 1)});
  peer_.answer([](const Peer::Request&) { return 0; });
  subscribe(subscription_to);
  EXPECT_EQ(subscription().text("status"), "requested");
  EXPECT_EQ(queue_.waiting(record::kSubscriptionQueue), 1);
}

TEST_F(SubscriptionDeliveryTest, ForgetsWhatWasDeleted) {
  subscribe(asked("Observation"));
  put(observation("one", "a"));
  record_->remove(east_, "Subscription", "s");
  work();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(queue_.waiting(record::kSubscriptionQueue), 0);
}

TEST_F(SubscriptionDeliveryTest, RefusesWhatCannotBeDone) {
  const auto refusal = [&](const char* path, Json value) {
    Json wrong = asked("Observation?code=a");
    if (std::string_view(path) == "criteria" || std::string_view(path) == "status")
      wrong[path] = std::move(value);
    else
      wrong["channel"][path] = std::move(value);
    return code_of([&] { record_->update(east_, wrong); });
  };
  EXPECT_EQ(refusal("criteria", "Nothing?code=a"), ErrorCode::invalid_value);
  EXPECT_EQ(refusal("criteria", "Observation?no-such=a"), ErrorCode::invalid_request);
  EXPECT_EQ(refusal("criteria", "Observation?_sort=date"), ErrorCode::invalid_value);
  EXPECT_EQ(refusal("criteria", "http://node.example/other/SubscriptionTopic/Observation"),
            ErrorCode::invalid_value);
  EXPECT_EQ(refusal("criteria", "AuditEvent"), ErrorCode::forbidden);
  EXPECT_EQ(refusal("status", "active"), ErrorCode::invalid_value);
  EXPECT_EQ(refusal("type", "email"), ErrorCode::not_supported);
  EXPECT_EQ(refusal("payload", "text/plain"), ErrorCode::not_supported);
  EXPECT_EQ(refusal("header", Json::array({"Host: elsewhere"})), ErrorCode::invalid_value);
  EXPECT_EQ(refusal("header", Json::array({"no colon"})), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::network
