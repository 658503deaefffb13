// A case's bedside monitor: who sends, who watches, and alarms until a person acknowledges them.
#include <cmath>

#include "doors/http_node_fixture.h"
#include "doors/web_socket_client.h"
#include "engine/live/signal_stream.h"
#include "engine/node.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

// Tells a beat at the beginning of each piece, and an alarm where it is higher than 5 mV.
class Follower : public engine::ScriptedAssistant, public engine::SignalFollower {
 public:
  Follower()
      : ScriptedAssistant(engine::scripted("ecg", "ECG", {})->card(),
                          [](const engine::Input&) { return engine::Reading{}; }) {}

  std::unique_ptr<engine::SignalStream> follow(const std::vector<std::string>& leads,
                                               double /*sampling_frequency*/) const override {
    return std::make_unique<Stream>(leads.size());
  }

 private:
  class Stream : public engine::SignalStream {
   public:
    explicit Stream(std::size_t leads) : leads_(leads) {}
    engine::StreamEvents add(std::span<const std::vector<float>> samples) override {
      if (samples.size() != leads_) throw Error(ErrorCode::invalid_value, "Other leads");
      engine::StreamEvents events;
      events.beats.push_back({come_, 'N'});
      for (const float sample : samples.front())
        if (sample > 5)
          events.alarms.push_back(
              {"asystole", {"No beat", "无心搏"}, engine::Urgency::emergency, come_, 3.2});
      come_ += static_cast<std::int64_t>(samples.front().size());
      return events;
    }

   private:
    std::size_t leads_;
    std::int64_t come_ = 0;
  };
};

HttpNodeParts parts() {
  HttpNodeParts parts;
  parts.assistants.push_back(std::make_unique<Follower>());
  return parts;
}

class HttpMonitorTest : public HttpNodeTest {
 protected:
  HttpMonitorTest() : HttpNodeTest(parts()) {}

  std::unique_ptr<WebSocketClient> connect(const std::string& path, const std::string& who = "wang") {
    return std::make_unique<WebSocketClient>(server_->port(), "/care/cases/" + case_id + path,
                                             identity_.sign_in(who, kPassword).token);
  }
  std::unique_ptr<WebSocketClient> begin() {
    auto sender = connect("/monitor/send");
    sender->say(R"({"name":"Bed 3","leads":["II","V5"],"samplingFrequency":250})");
    EXPECT_EQ(Json::parse(sender->hear()).text("kind"), "begun");
    return sender;
  }
  static Json hear(WebSocketClient& client, const std::string& kind) {
    for (;;) {
      const std::string text = client.hear();
      if (text.empty()) {
        ADD_FAILURE() << "the node closed before it said " << kind;
        return {};
      }
      if (Json json = Json::parse(text); json.text("kind") == kind) return json;
    }
  }
  // From now on all that is sent is heard.
  std::unique_ptr<WebSocketClient> watch() {
    auto watcher = connect("/monitor");
    hear(*watcher, "monitor");
    return watcher;
  }
  // The next alarm's kind.
  static std::string hear_alarm(WebSocketClient& client) { return hear(client, "alarm").text("alarm.kind"); }
  void rename_table(const char* from, const char* to) {
    database_->write([&](storage::Transaction& transaction) {
      transaction.execute(std::string("ALTER TABLE ") + from + " RENAME TO " + to);
    });
  }
  Json alarms() { return get("/care/cases/" + case_id + "/alarms").json(); }
  trust::Principal wang() {
    for (const trust::Account& account : identity_.accounts())
      if (account.username == "wang") return *identity_.principal(account.id);
    return {};
  }

  const std::string patient_id = create_patient();
  const std::string case_id =
      post("/care/cases",
           R"({"patient":"Patient/)" + patient_id + R"(","reason":"Chest pain","priority":"routine"})",
           "Content-Type: application/json\r\n")
          .json()
          .text("case.id");
};

constexpr const char* kPiece = R"({"samples":[[0,100,null],[1,2,3]]})";
constexpr const char* kAlarming = R"({"samples":[[0,9000,0],[1,2,3]]})";

TEST_F(HttpMonitorTest, PassesSamplesAndBeatsOnToWhoWatches) {
  const auto sender = begin();
  EXPECT_EQ(alarms().text("monitor"), "Bed 3");
  const auto watcher = connect("/monitor");
  const Json first = hear(*watcher, "monitor");
  EXPECT_EQ(first.text("name"), "Bed 3");
  EXPECT_EQ(first.get("leads").size(), 2u);
  sender->say(kPiece);
  const Json samples = hear(*watcher, "samples");
  EXPECT_EQ(samples.get("at").as_int(), 0);
  EXPECT_EQ(samples.get("samples").at(0).at(1).as_int(), 100);
  EXPECT_TRUE(samples.get("samples").at(0).at(2).is_null());
  EXPECT_EQ(hear(*watcher, "beat").text("aami_class"), "N");

  const auto late = connect("/monitor");
  EXPECT_EQ(hear(*late, "monitor").get("samples").at(1).size(), 3u) << "what came before";
  sender->say(R"({"end":true})");
  EXPECT_FALSE(hear(*watcher, "ended").get("lost").as_bool());
  EXPECT_TRUE(alarms().get("monitor").is_null());
}

TEST_F(HttpMonitorTest, KeepsAlarmsUntilAPersonAcknowledgesThem) {
  const auto sender = begin();
  const auto watcher = watch();
  sender->say(kAlarming);
  const std::string id = hear(*watcher, "alarm").text("alarm.id");
  const Json issue = get("/fhir/DetectedIssue/" + id).json();
  EXPECT_EQ(issue.text("status"), "preliminary");
  EXPECT_EQ(issue.text("severity"), "high");
  EXPECT_EQ(issue.text("patient.reference"), "Patient/" + patient_id);
  EXPECT_EQ(alarms().get("alarms").at(0).text("text.zh"), "无心搏");
  EXPECT_TRUE(alarms().get("alarms").at(0).get("acknowledgedBy").is_null());
  EXPECT_THAT(get("/care/worklist?queue=urgent").body, HasSubstr("No beat"));

  watcher->say(Json::object({{"acknowledge", id}}).dump());
  EXPECT_EQ(hear(*watcher, "acknowledged").text("by"), "wang");
  EXPECT_EQ(alarms().get("alarms").at(0).text("acknowledgedBy"), "wang");
  EXPECT_EQ(post("/care/cases/" + case_id + "/alarms/" + id + "/acknowledge", "{}",
                 "Content-Type: application/json\r\n")
                .status,
            200)
      << "again changes nothing";
}

TEST_F(HttpMonitorTest, TellsWatchersThatTheLineBroke) {
  auto sender = begin();
  const auto watcher = watch();
  sender.reset();
  const Json alarm = hear(*watcher, "alarm").get("alarm");
  EXPECT_EQ(alarm.text("kind"), "line-lost");
  EXPECT_TRUE(hear(*watcher, "ended").get("lost").as_bool());
  const Json none = Json::parse(connect("/monitor")->hear());
  EXPECT_EQ(none.text("act"), "watch") << "nothing is monitored now";
  EXPECT_EQ(none.text("outcome.issue.code"), "not-found");
  EXPECT_EQ(alarms().get("alarms").at(0).text("id"), alarm.text("id")) << "until a person has seen to it";
  EXPECT_FALSE(get("/fhir/DetectedIssue/" + alarm.text("id")).json().contains("author"))
      << "no assistant says it";
  begin();
}

TEST_F(HttpMonitorTest, KeepsTheSecondsAroundAnAlarm) {
  const auto sender = begin();
  const auto watcher = watch();
  std::string second = "[[", other = "[";
  for (int k = 0; k < 250; ++k) {
    second += (k > 0 ? "," : "") + std::to_string(k);
    other += k > 0 ? ",5" : "5";
  }
  const std::string piece = R"({"samples":)" + second + "]," + other + "]]}";
  for (int k = 0; k < 12; ++k) sender->say(piece);
  sender->say(kAlarming);
  hear(*watcher, "alarm");
  EXPECT_TRUE(alarms().get("alarms").at(0).get("strip").is_null()) << "its seconds have not come yet";
  for (int k = 0; k < 6; ++k) {
    sender->say(piece);
    hear(*watcher, "samples");
  }
  sender->say(R"({"end":true})");
  hear(*sender, "ended");
  const std::string strip = alarms().get("alarms").at(0).text("strip");
  const Json page = get("/care/cases/" + case_id).json();
  ASSERT_EQ(page.get("recordings").size(), 1u);
  EXPECT_EQ(page.text("recordings.instance"), strip);
  EXPECT_EQ(page.get("recordings").at(0).get("seconds").as_double(), 15);
  EXPECT_THAT(page.text("recordings.title"), HasSubstr("No beat"));
  EXPECT_EQ(page.get("drafts").size(), 0u) << "nobody is asked to read it";
  const Json samples = get("/care/recordings/" + strip + "?seconds=20").json();
  EXPECT_EQ(samples.text("leads.name"), "II");
  EXPECT_THAT(samples.get("leads").at(0).get("samples").dump(), HasSubstr("0,9000,0"));
}

TEST_F(HttpMonitorTest, RaisesAnAlarmOnceASenderFallsSilent) {
  const auto sender = begin();
  const auto watcher = watch();
  sender->say(kPiece);
  hear(*watcher, "samples");
  seconds_ahead_ = 6;
  EXPECT_EQ(hear_alarm(*watcher), "silent");
  sender->say(kPiece);
  hear(*watcher, "samples");
  seconds_ahead_ = 12;
  EXPECT_EQ(hear_alarm(*watcher), "silent") << "again";
  seconds_ahead_ = -3600;
  sender->say(kAlarming);
  EXPECT_EQ(hear_alarm(*watcher), "asystole") << "the clock was set back";
  EXPECT_EQ(alarms().get("alarms").size(), 3u);
}

TEST_F(HttpMonitorTest, GivesAMonitorThatComesAgainItsPlaceAndNobodyElse) {
  add_account("qian", trust::Role::clinician, "Organization/east");
  const auto half_open = begin();
  const auto watcher = watch();
  half_open->say(kAlarming);
  EXPECT_EQ(hear_alarm(*watcher), "asystole");
  const auto other = connect("/monitor/send", "qian");
  other->say(R"({"name":"Bed 3","leads":["II","V5"],"samplingFrequency":250})");
  EXPECT_THAT(other->hear(), HasSubstr("being monitored already")) << "another account";

  const auto again = begin();
  EXPECT_EQ(hear(*watcher, "monitor").get("alarms").size(), 1u) << "who watched sees on";
  again->say(kPiece);
  EXPECT_EQ(hear(*watcher, "samples").get("at").as_int(), 0);
  EXPECT_THAT(hear(*half_open, "failed").dump(), HasSubstr("another line"));
  EXPECT_EQ(half_open->hear(), "");
  EXPECT_EQ(alarms().get("alarms").size(), 1u) << "no line was lost";
  EXPECT_EQ(alarms().text("monitor"), "Bed 3");
}

TEST_F(HttpMonitorTest, StopsWhenTheAssistantIsSwitchedOff) {
  const auto sender = begin();
  const auto watcher = watch();
  registry_.set_state(record_, trust::Principal::system(), "ecg", false, "Wrong alarms");
  EXPECT_EQ(hear_alarm(*watcher), "stopped");
  EXPECT_TRUE(hear(*watcher, "ended").get("lost").as_bool());
  EXPECT_THAT(hear(*sender, "failed").dump(), HasSubstr("switched off"));
  EXPECT_EQ(sender->hear(), "");
}

TEST_F(HttpMonitorTest, StopsWhenThePatientWithdrawsTheirConsent) {
  const auto sender = begin();
  const auto watcher = watch();
  ASSERT_EQ(post("/fhir/Consent",
                 R"({"resourceType": "Consent", "status": "active",
      "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                            "code": "patient-privacy"}]},
      "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
      "patient": {"reference": "Patient/)" +
                     patient_id + R"("}, "policyRule": {"text": "Monitoring"},
      "provision": {"type": "deny"}})",
                 "Content-Type: application/fhir+json\r\n")
                .status,
            201);
  EXPECT_EQ(hear_alarm(*watcher), "stopped");
  EXPECT_TRUE(hear(*watcher, "ended").get("lost").as_bool());
  EXPECT_THAT(hear(*sender, "failed").dump(), HasSubstr("does not agree"));
}

TEST_F(HttpMonitorTest, StopsWhenTheCaseIsSigned) {
  const auto sender = begin();
  const auto watcher = watch();
  ASSERT_EQ(post("/care/cases/" + case_id + "/sign", R"({"text":"Discharged.","accepted":[]})",
                 "Content-Type: application/json\r\n")
                .status,
            200);
  EXPECT_FALSE(hear(*watcher, "ended").get("lost").as_bool());
  EXPECT_THAT(hear(*sender, "failed").dump(), HasSubstr("signed"));
  EXPECT_EQ(alarms().get("alarms").size(), 0u) << "a person meant it";
}

TEST_F(HttpMonitorTest, StopsWhenTheAccountIsDisabled) {
  add_account("cart", trust::Role::device, "Organization/east", "Device/cart");
  const auto sender = connect("/monitor/send", "cart");
  sender->say(R"({"name":"Bed 3","leads":["II","V5"],"samplingFrequency":250})");
  hear(*sender, "begun");
  const auto watcher = watch();
  for (const trust::Account& account : identity_.accounts())
    if (account.username == "cart") identity_.set_active(trust::Principal::system(), account.id, false);
  EXPECT_THAT(hear_alarm(*watcher), testing::AnyOf("stopped", "line-lost"));
  EXPECT_TRUE(hear(*watcher, "ended").get("lost").as_bool());
}

TEST_F(HttpMonitorTest, KeepsNoPlaceForWhatTheLedgerDoesNotTake) {
  const auto sender = connect("/monitor/send");
  ledger_.append_soon(trust::Principal::system(), {});
  rename_table("ledger_entry", "hidden");
  EXPECT_THROW(ledger_.flush(), std::exception);
  sender->say(R"({"name":"Bed 3","leads":["II","V5"],"samplingFrequency":250})");
  EXPECT_EQ(Json::parse(sender->hear()).text("kind"), "failed");
  rename_table("hidden", "ledger_entry");
  ledger_.flush();
  EXPECT_TRUE(alarms().get("monitor").is_null());
  begin();
}

TEST_F(HttpMonitorTest, ShowsAnAlarmThatCannotBeWrittenAndWritesItLater) {
  const auto sender = begin();
  const auto watcher = watch();
  rename_table("care_case", "hidden");
  sender->say(kAlarming);
  const std::string id = hear(*watcher, "alarm").text("alarm.id");
  rename_table("hidden", "care_case");
  watcher->say(Json::object({{"acknowledge", id}}).dump());
  EXPECT_EQ(hear(*watcher, "acknowledged").text("id"), id);
  EXPECT_EQ(alarms().get("alarms").size(), 1u);
  EXPECT_EQ(alarms().text("alarms.acknowledgedBy"), "wang");
  sender->say(kPiece);
  hear(*watcher, "samples");
}

TEST_F(HttpMonitorTest, KeepsTheStripOfACaseThatIsSignedMeanwhile) {
  const auto sender = begin();
  const auto watcher = watch();
  sender->say(kAlarming);
  hear_alarm(*watcher);
  ASSERT_EQ(post("/care/cases/" + case_id + "/sign", R"({"text":"Discharged.","accepted":[]})",
                 "Content-Type: application/json\r\n")
                .status,
            200);
  hear(*watcher, "ended");
  hear(*sender, "failed");
  EXPECT_EQ(sender->hear(), "");
  EXPECT_NE(alarms().text("alarms.strip"), "");
}

// The node's own words, so that no session of who watches ends meanwhile.
class Listening {
 public:
  explicit Listening(const std::shared_ptr<care::Monitor>& monitor) {
    monitor->watch([this](const std::string& message) {
      if (Json::parse(message).text("kind") == "samples") ++pieces_, pieces_.notify_all();
      return true;
    });
  }
  void say(WebSocketClient& sender) {
    const int before = pieces_;
    sender.say(kPiece);
    pieces_.wait(before);
  }

 private:
  std::atomic<int> pieces_{0};
};

TEST_F(HttpMonitorTest, GoesOnForDaysWithANewSessionNowAndThen) {
  const auto sender = begin();
  Listening listening(care_.monitoring.find(wang(), case_id));
  constexpr int kStep = 20, kDay = 24 * 60;  // minutes
  for (int renewed = 0; minutes_ahead_ < 2 * kDay; minutes_ahead_ += kStep) {
    listening.say(*sender);
    if (minutes_ahead_ < 11 * 60 * (renewed + 1) + 1) continue;
    hear(*sender, "renew");
    sender->say(R"({"session":")" + identity_.sign_in("wang", kPassword).token + R"("})");
    hear(*sender, "renewed");
    ++renewed;
  }
  sender->say(R"({"end":true})");
  EXPECT_FALSE(hear(*sender, "ended").get("lost").as_bool());
}

TEST_F(HttpMonitorTest, TakesNoSessionOfAnotherAccount) {
  const auto sender = begin();
  for (const std::string& token : {identity_.sign_in("zhao", kPassword).token, std::string("none")}) {
    sender->say(R"({"session":")" + token + R"("})");
    const Json failed = hear(*sender, "failed");
    EXPECT_EQ(failed.text("act"), "session");
    EXPECT_FALSE(failed.get("ends").as_bool());
  }
  sender->say(R"({"end":true})");
  EXPECT_FALSE(hear(*sender, "ended").get("lost").as_bool()) << "the one that it has is good";
}

TEST_F(HttpMonitorTest, GoesOnAfterASessionThatIsNoText) {
  const auto sender = begin();
  for (const char* session : {"7", "null", "[]", "{}"}) {
    sender->say(std::string(R"({"session":)") + session + "}");
    const Json failed = hear(*sender, "failed");
    EXPECT_EQ(failed.text("act"), "session") << session;
    EXPECT_EQ(failed.text("outcome.issue.code"), "value") << session;
    EXPECT_FALSE(failed.get("ends").as_bool()) << session;
  }
  sender->say(R"({"end":true})");
  EXPECT_FALSE(hear(*sender, "ended").get("lost").as_bool());
}

TEST_F(HttpMonitorTest, TellsWhoWatchesThatTheLineLivesThoughNothingComes) {
  const auto sender = begin();
  const auto watcher = watch();
  hear(*watcher, "alive");
  hear(*watcher, "alive");
}

TEST_F(HttpMonitorTest, TakesWhatIsNoVoltageAsMissing) {
  const auto sender = begin();
  const auto watcher = watch();
  sender->say(R"({"samples":[[1e300,-1e300,12],[1,null,1000001]]})");
  const Json samples = hear(*watcher, "samples").get("samples");
  EXPECT_TRUE(samples.at(0).at(0).is_null());
  EXPECT_TRUE(samples.at(0).at(1).is_null());
  EXPECT_EQ(samples.at(0).at(2).as_int(), 12);
  EXPECT_TRUE(samples.at(1).at(2).is_null());
  EXPECT_THAT(hear(*sender, "failed").dump(), HasSubstr("1 V")) << "the sender is told";
  sender->say(R"({"samples":[[1e300],[1]]})");
  sender->say(R"({"end":true})");
  EXPECT_EQ(Json::parse(sender->hear()).text("kind"), "ended") << "once";
}

TEST_F(HttpMonitorTest, BeginsForWhoWatchesTheLargestSetup) {
  const auto sender = connect("/monitor/send");
  std::string leads, piece;
  for (int lead = 0; lead < 16; ++lead) {
    const std::string comma = lead > 0 ? "," : "";
    leads += comma + "\"L" + std::to_string(lead) + "\"";
    piece += comma + "[";
    for (int sample = 0; sample < 100; ++sample) piece += (sample > 0 ? ",-999999" : "-999999");
    piece += "]";
  }
  sender->say(R"({"name":"Bed 3","leads":[)" + leads + R"(],"samplingFrequency":2000})");
  hear(*sender, "begun");
  const auto first = watch();
  for (int k = 0; k < 400; ++k) {  // 20 s
    sender->say(R"({"samples":[)" + piece + "]}");
    hear(*first, "samples");
  }
  const auto watcher = connect("/monitor");
  EXPECT_EQ(hear(*watcher, "monitor").get("samples").at(15).size(), 20'000u);
}

TEST_F(HttpMonitorTest, SaysWhyAMessageIsTooLarge) {
  const auto sender = begin();
  sender->say(R"({"samples":[[)" + std::string(5u << 20, '1') + "],[1]]}");
  EXPECT_EQ(sender->hear(), "");
  EXPECT_THAT(sender->why_closed(), HasSubstr("at most 16384 bytes"));
}

TEST_F(HttpMonitorTest, RefusesWhoMayNot) {
  EXPECT_THROW(connect("/monitor/send", "lin"), boost::system::system_error) << "an auditor";
  const auto stranger = connect("/monitor/send", "zhao");
  stranger->say(R"({"name":"Bed 3","leads":["II"],"samplingFrequency":250})");
  EXPECT_EQ(Json::parse(stranger->hear()).text("kind"), "failed") << "another clinic's";
  const auto sender = begin();
  EXPECT_EQ(Json::parse(connect("/monitor", "zhao")->hear()).text("kind"), "failed");
  const auto second = connect("/monitor/send");
  second->say(R"({"name":"Bed 4","leads":["II"],"samplingFrequency":250})");
  EXPECT_THAT(second->hear(), HasSubstr("Bed 3")) << "one monitor a case";
}

TEST_F(HttpMonitorTest, RefusesWhatIsNoSignal) {
  for (const char* setup :
       {"{}", "no JSON", R"({"name":"","leads":["II"],"samplingFrequency":250})",
        R"({"name":"Bed","leads":[],"samplingFrequency":250})", R"({"name":"Bed","leads":[7]})",
        R"({"name":"Bed","leads":["II"],"samplingFrequency":1e9})"}) {
    const auto sender = connect("/monitor/send");
    sender->say(setup);
    EXPECT_EQ(Json::parse(sender->hear()).text("kind"), "failed") << setup;
    EXPECT_EQ(sender->hear(), "") << "and the line closes";
  }
  for (const char* piece : {R"({"samples":[[1]]})", R"({"samples":[["x"],[1]]})", R"({"samples":7})", "]"}) {
    const auto sender = begin();
    sender->say(piece);
    EXPECT_EQ(hear(*sender, "failed").text("act"), "samples") << piece;
    EXPECT_EQ(sender->hear(), "");
  }
  std::string long_piece = R"({"samples":[[)";
  for (int i = 0; i < 300; ++i) long_piece += "1,";
  long_piece += "1],[1]]}";
  const auto sender = begin();
  sender->say(long_piece);
  EXPECT_THAT(hear(*sender, "failed").dump(), HasSubstr("second"));
}

}  // namespace
}  // namespace meridian::doors::http
