// What refers to another resource by its canonical URL is found, and brought along, as by a reference.
#include <gmock/gmock.h>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StoreCanonical : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    questionnaire("first", "1", "Sleep");
    questionnaire("second", "2-RC", "Sleep and dreams");
    put(R"({"resourceType":"Questionnaire","id":"other","status":"active","title":"Sleep","url":"http://q/a/b"})");
    response("any", "http://q/a");
    response("of-first", "http://q/a|1");
    response("of-second", "http://q/a|2-RC");
    response("of-none", "http://q/a|3");
  }
  void questionnaire(const std::string& id, const std::string& version, const std::string& title) {
    put(R"({"resourceType":"Questionnaire","id":")" + id +
        R"(","status":"active","url":"http://q/a","version":")" + version + R"(","title":")" + title + "\"}");
  }
  void response(const std::string& id, const std::string& questionnaire) {
    put(R"({"resourceType":"QuestionnaireResponse","id":")" + id +
        R"(","status":"completed","questionnaire":")" + questionnaire + "\"}");
  }
  std::vector<std::string> included(const std::string& type, const Parameters& parameters) {
    return ids(search(type, parameters), "include");
  }
};

TEST_F(StoreCanonical, IsIncluded) {
  const auto with = [&](const std::string& id) {
    return included("QuestionnaireResponse",
                    {{"_id", id}, {"_include", "QuestionnaireResponse:questionnaire"}});
  };
  EXPECT_THAT(with("any"), UnorderedElementsAre("first", "second"));
  EXPECT_THAT(with("of-first"), ElementsAre("first"));
  EXPECT_THAT(with("of-second"), ElementsAre("second"));
  EXPECT_THAT(with("of-none"), IsEmpty());
  EXPECT_THAT(included("QuestionnaireResponse", {{"_id", "of-first"}, {"_include", "*"}}),
              ElementsAre("first"));
}

TEST_F(StoreCanonical, BringsAlongWhatRefersToIt) {
  EXPECT_THAT(
      included("Questionnaire", {{"_id", "second"}, {"_revinclude", "QuestionnaireResponse:questionnaire"}}),
      UnorderedElementsAre("any", "of-second"));
  EXPECT_THAT(included("Questionnaire", {{"_id", "first"}, {"_revinclude", "*"}}),
              UnorderedElementsAre("any", "of-first"));
}

TEST_F(StoreCanonical, IsFollowedByChains) {
  const auto of = [&](const std::string& title) {
    return found("QuestionnaireResponse", {{"questionnaire.title", title}});
  };
  EXPECT_THAT(of("Sleep and"), UnorderedElementsAre("any", "of-second"));
  EXPECT_THAT(of("Sleep"), UnorderedElementsAre("any", "of-first", "of-second"));
  EXPECT_THAT(found("QuestionnaireResponse",
                    {{"questionnaire.title", "Sleep"}, {"status", "completed"}, {"_sort", "_id"}}),
              ElementsAre("any", "of-first", "of-second"));
  EXPECT_THAT(found("QuestionnaireResponse", {{"questionnaire.version:missing", "false"}}),
              UnorderedElementsAre("any", "of-first", "of-second"));
  EXPECT_THAT(found("Questionnaire", {{"_has:QuestionnaireResponse:questionnaire:_id", "of-first"}}),
              ElementsAre("first"));
  EXPECT_THAT(found("Questionnaire", {{"_has:QuestionnaireResponse:questionnaire:status:missing", "false"}}),
              UnorderedElementsAre("first", "second"));
}

}  // namespace
}  // namespace meridian::record
