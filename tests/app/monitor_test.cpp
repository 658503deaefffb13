// `meridian monitor --node` against a node.
#include <iostream>
#include <sstream>

#include "app/commands/commands.h"
#include "archive/waveform/csv_writer.h"
#include "assistants/assistants.h"
#include "base/error_of.h"
#include "base/file.h"
#include "doors/http_node_fixture.h"
#include "signal/synthetic_ecg.h"

namespace meridian::app {
namespace {

using testing::HasSubstr;

doors::http::HttpNodeParts ecg_alone() {
  doors::http::HttpNodeParts parts;
  for (auto& assistant : assistants::all())
    if (assistant->card().id == "ecg") parts.assistants.push_back(std::move(assistant));
  return parts;
}

// Stands before std::cin.
class Piped {
 public:
  explicit Piped(const std::string& text) : text_(text), before_(std::cin.rdbuf(text_.rdbuf())) {}
  ~Piped() {
    std::cin.rdbuf(before_);
    std::cin.clear();
  }
  Piped(const Piped&) = delete;
  Piped& operator=(const Piped&) = delete;

 private:
  std::istringstream text_;
  std::streambuf* before_;
};

class MonitorSending : public doors::http::HttpNodeTest {
 protected:
  MonitorSending() : HttpNodeTest(ecg_alone()) {
    write_file(folder_ / "password", std::string(doors::http::kPassword) + "\n");
    const Json opened =
        post("/care/cases",
             R"({"patient":"Patient/)" + create_patient() + R"(","reason":"Syncope","priority":"routine"})",
             "Content-Type: application/json\r\n")
            .json();
    target_ = {"http://127.0.0.1:" + std::to_string(server_->port()),
               opened.text("case.id"),
               "wang",
               folder_ / "password",
               {},
               "Bed 3"};
  }
  // Half a minute with a flat line in it.
  static std::string with_a_silence() {
    signal::Recording recording = signal::make_annotated_ecg({.seed = 7, .seconds = 30}).recording;
    recording.leads.resize(2);
    const auto from = static_cast<std::ptrdiff_t>(12 * recording.sampling_frequency),
               to = static_cast<std::ptrdiff_t>(19 * recording.sampling_frequency);
    for (signal::Lead& lead : recording.leads)
      std::fill(lead.samples.begin() + from, lead.samples.begin() + to, 0.0f);
    return archive::compose_csv_ecg(recording);
  }
  void send() {
    const Piped piped(with_a_silence());
    monitor({.source = "-", .target = target_});
  }
  std::string why_not() {
    try {
      send();
    } catch (const Error& error) {
      return error.describe();
    }
    return {};
  }

  MonitorTarget target_;
};

TEST_F(MonitorSending, BringsItsAlarmsToTheCase) {
  send();
  const Json alarms = get("/care/cases/" + target_.case_id + "/alarms").json().get("alarms");
  ASSERT_GE(alarms.size(), 1u);
  EXPECT_EQ(alarms.at(0).text("kind"), "no-signal");
  EXPECT_TRUE(alarms.at(0).get("acknowledgedBy").is_null());
}

TEST_F(MonitorSending, ComesAgainByItselfWhenItsLineBroke) {
  MonitorSender::Clock::time_point time{};
  const std::vector<std::vector<float>> piece{{0.1f, 0.2f, 0.1f}};
  MonitorSender sender(target_, {"II"}, 250, [&] { return time; });
  sender.send(piece);
  const int port = server_->port();
  client_.reset();
  server_.reset();
  sender.send(piece);
  sender.send(piece);  // nobody answers: not sent, and nothing is thrown
  open_door(port);
  const auto alarms = [&] { return get("/care/cases/" + target_.case_id + "/alarms").json(); };
  EXPECT_EQ(alarms().text("alarms.kind"), "line-lost");
  EXPECT_TRUE(alarms().get("monitor").is_null());
  sender.send(piece);
  EXPECT_TRUE(alarms().get("monitor").is_null()) << "not yet tried again";
  time += std::chrono::seconds(2);
  sender.send(piece);
  EXPECT_EQ(alarms().text("monitor"), "Bed 3");
  sender.finish();
  EXPECT_TRUE(alarms().get("monitor").is_null());
}

TEST_F(MonitorSending, DoesNotComeAgainWhereTheNodeHasSaidWhyNot) {
  MonitorSender sender(target_, {"II"}, 250);
  ASSERT_EQ(post("/care/cases/" + target_.case_id + "/sign", R"({"text":"Discharged.","accepted":[]})",
                 "Content-Type: application/json\r\n")
                .status,
            200);
  const auto why = error_of([&] {
    for (;;) sender.send({{0.1f, 0.2f}});
  });
  EXPECT_EQ(why->code(), ErrorCode::refused);
  EXPECT_THAT(why->describe(), HasSubstr("signed"));
}

TEST_F(MonitorSending, SaysWhyTheNodeDoesNotTakeIt) {
  write_file(folder_ / "password", "another password\n");
  EXPECT_THAT(why_not(), HasSubstr("password"));
  write_file(folder_ / "password", doors::http::kPassword);
  target_.case_id = "no-such-case";
  EXPECT_THAT(why_not(), HasSubstr("There is no such case"));
  target_.node = "http://198.51.100.7";
  EXPECT_THAT(why_not(), HasSubstr("http://")) << "a password goes to another machine by https:// alone";
}

}  // namespace
}  // namespace meridian::app
