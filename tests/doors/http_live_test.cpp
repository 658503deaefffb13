// A case's live examination, as the console sees it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>

#include "archive/sample_video.h"
#include "doors/http_node_fixture.h"
#include "doors/web_socket_client.h"
#include "engine/node.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Videos {
  Videos() { archive::write_sample_video(videos / "square.avi"); }

  HttpNodeParts parts() {
    HttpNodeParts parts;
    parts.assistants.push_back(engine::scripted("polyp", "ES", [this](const engine::Input&) {
      if (broken) throw Error(ErrorCode::unavailable, "The model is gone");
      return outlining ? polyp() : engine::Reading{};
    }));
    parts.live_sources = {{"Tower", (videos / "square.avi").string()},
                          {"Silent", (videos / "pipe").string()},
                          {"Gone", (videos / "none.avi").string()},
                          {"Locked", "rtsp://nurse:secret@127.0.0.1:1/stream"}};
    return parts;
  }

  // The same place on each frame.
  static engine::Reading polyp() {
    engine::Finding found;
    found.evidence = Json::parse(
        R"({"regions": [{"polygon": [[4, 4], [40, 4], [40, 40], [4, 40]], "probability": 0.8}]})");
    return {{}, {found}};
  }

  TemporaryFolder videos;
  bool broken = false;
  bool outlining = false;
};

class HttpLiveTest : protected Videos, public HttpNodeTest {
 protected:
  HttpLiveTest() : HttpNodeTest(parts()) {}

  std::unique_ptr<WebSocketClient> begin(const std::string& source) {
    return std::make_unique<WebSocketClient>(server_->port(), "/care/cases/" + case_id + "/live/" + source,
                                             identity_.sign_in("wang", kPassword).token);
  }
  // The numbers of the frames that were shown, to the end.
  static std::vector<std::int64_t> watch(WebSocketClient& client) {
    std::vector<std::int64_t> numbers{0};
    for (;;) {
      client.say(Json::object({{"next", numbers.back()}}).dump());
      const Json said = Json::parse(client.hear());
      if (said.text("kind") != "frame") {
        EXPECT_EQ(said.text("kind"), "ended") << said.dump();
        return numbers;
      }
      numbers.push_back(said.get("frame.number").as_int());
    }
  }
  static Json keep(WebSocketClient& client, std::int64_t number) {
    client.say(Json::object({{"keep", number}}).dump());
    return Json::parse(client.hear());
  }

  const std::string case_id =
      post("/care/cases",
           R"({"patient":"Patient/)" + create_patient() + R"(","reason":"Screening","priority":"routine"})",
           "Content-Type: application/json\r\n")
          .json()
          .text("case.id");
};

TEST_F(HttpLiveTest, NamesSourcesWithTheAssistantAndWithoutAddresses) {
  const HttpAnswer sources = get("/care/live");
  EXPECT_EQ(sources.json().at(0).text("id"), "Tower");
  EXPECT_EQ(sources.json().at(0).text("assistant.id"), "polyp");
  EXPECT_THAT(sources.body, Not(HasSubstr("secret")));
}

TEST_F(HttpLiveTest, ProposesTheBestFrameOfEachThingAndKeepsItThoughItIsLongGone) {
  outlining = true;
  const auto client = begin("Tower");
  watch(*client);
  client->say(R"({"propose":true})");
  const Json proposed = Json::parse(client->hear());
  ASSERT_EQ(proposed.text("kind"), "proposed") << proposed.dump();
  ASSERT_EQ(proposed.get("frames").size(), 1u) << "one thing was followed";
  const Json& best = proposed.get("frames").at(0);
  EXPECT_FALSE(best.text("picture").empty());
  EXPECT_EQ(best.get("track.id").as_int(), 1);
  EXPECT_EQ(keep(*client, best.get("number").as_int()).text("kind"), "kept");
}

TEST_F(HttpLiveTest, ShowsFramesToTheEndAndKeepsThemNumberedInOneSeries) {
  const auto client = begin("Tower");
  const auto numbers = watch(*client);
  ASSERT_GT(numbers.size(), 2u);
  std::vector<archive::InstanceFacts> kept;
  for (const std::int64_t number : {numbers[numbers.size() - 2], numbers.back()}) {
    const Json answer = keep(*client, number);
    ASSERT_EQ(answer.text("kind"), "kept") << answer.dump();
    kept.push_back(archive_.find(answer.text("instance")).value());
    EXPECT_EQ(kept.back().instance_number, number);
  }
  EXPECT_EQ(kept[0].key.series, kept[1].key.series);
  EXPECT_EQ(kept[0].modality, "ES");

  EXPECT_EQ(keep(*client, 1'000'000).text("act"), "keep") << "a frame that was never shown";
}

TEST_F(HttpLiveTest, KeepsNothingInACaseThatWasSignedMeanwhile) {
  const auto client = begin("Tower");
  const auto numbers = watch(*client);
  EXPECT_EQ(keep(*client, numbers[numbers.size() - 2]).text("kind"), "kept");
  const HttpAnswer signed_off =
      post("/care/cases/" + case_id + "/sign", R"({"text":"No polyp.","accepted":[]})",
           "Content-Type: application/json\r\n");
  ASSERT_EQ(signed_off.status, 200) << signed_off.body;
  const Json answer = keep(*client, numbers.back());
  EXPECT_EQ(answer.text("kind"), "failed");
  EXPECT_EQ(answer.text("act"), "keep");
  EXPECT_THAT(answer.dump(), HasSubstr("already signed"));
}

TEST_F(HttpLiveTest, SaysWhyAnExaminationFailed) {
  broken = true;
  const auto client = begin("Tower");
  for (int asked = 0; asked < 2; ++asked) {
    client->say(R"({"next":0})");
    const Json said = Json::parse(client->hear());
    EXPECT_EQ(said.text("kind"), "failed");
    EXPECT_EQ(said.text("act"), "look");
    EXPECT_THAT(said.dump(), HasSubstr("The model is gone"));
  }
}

TEST_F(HttpLiveTest, NamesASourceThatDoesNotAnswerAndNotItsAddress) {
  const auto client = begin("Locked");
  const std::string said = client->hear();
  EXPECT_EQ(Json::parse(said).text("act"), "begin");
  EXPECT_THAT(said, HasSubstr("Locked"));
  EXPECT_THAT(said, Not(HasSubstr("secret")));
  EXPECT_EQ(client->hear(), "");
}

TEST_F(HttpLiveTest, AnswersOthersWhileOneWaitsForItsSource) {
  const std::string pipe = (videos / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto waiting = begin("Silent");
  const int writer = ::open(pipe.c_str(), O_WRONLY);  // when this returns, the source is being opened
  ASSERT_GE(writer, 0);
  EXPECT_THAT(begin("Gone")->hear(), HasSubstr("There is no such video"));
  ::close(writer);
  EXPECT_EQ(Json::parse(waiting->hear()).text("act"), "begin");
}

}  // namespace
}  // namespace meridian::doors::http
