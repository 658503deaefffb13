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
  Json alarms() { return get("/care/cases/" + case_id + "/alarms").json(); }

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
  const auto watcher = connect("/monitor");
  hear(*watcher, "monitor");
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
  const auto watcher = connect("/monitor");
  hear(*watcher, "monitor");
  sender.reset();
  EXPECT_TRUE(hear(*watcher, "ended").get("lost").as_bool());
  EXPECT_EQ(Json::parse(connect("/monitor")->hear()).text("act"), "watch") << "nothing is monitored now";
  begin();
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
