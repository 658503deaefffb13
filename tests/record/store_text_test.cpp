#include <gmock/gmock.h>

#include "record/search/written_words.h"
#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreText : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"Organization","id":"a","name":"A"})");
    put(R"({"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/a"},
      "name":[{"text":"王小明"}]})");
    put(condition("bone", "Metastases in the b<b>one</b>&#44; seen twice", "Zustand nach Überlastung"));
    put(condition("liver", "Liver full of metastases", "liver"));
    put(condition("chinese", "患者有高血压病史&#x3002;", "二型糖尿病 B超"));
  }
  static std::string condition(const std::string& id, const std::string& narrative, const std::string& note) {
    return R"({"resourceType":"Condition","id":")" + id +
           R"(","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>)" +
           narrative +
           R"(</p></div>"},"subject":{"reference":"Patient/p","display":"Someone"},"note":[{"text":")" +
           note + R"("}]})";
  }
  std::vector<std::string> by(const std::string& parameter, const std::string& value) {
    return found("Condition", {{parameter, value}});
  }
  std::optional<ErrorCode> refused(const std::string& value) {
    return code_of([&] { search("Condition", {{"_content", value}}); });
  }
};

TEST_F(StoreText, FindsWordsOfTheNarrative) {
  EXPECT_THAT(by("_text", "metastases"), ElementsAre("bone", "liver"));
  EXPECT_THAT(by("_text", "METASTASES bone"), ElementsAre("bone"));
  EXPECT_THAT(by("_text", "(bone OR liver) and metastases"), ElementsAre("bone", "liver"));
  EXPECT_THAT(by("_text", "metastases not (bone or x)"), ElementsAre("liver"));
  EXPECT_THAT(by("_text", "not metastases"), ElementsAre("chinese"));
  EXPECT_THAT(by("_text", "(metastases not bone) or 血压"), ElementsAre("liver", "chinese"));
  EXPECT_THAT(by("_text", "bone or not metastases"), ElementsAre("bone", "chinese"));
  EXPECT_THAT(by("_text", "\"full of metastases\""), ElementsAre("liver"));
  EXPECT_THAT(by("_text", "\"metastases of\""), IsEmpty());
  EXPECT_THAT(by("_text", "bone,full"), ElementsAre("bone", "liver"));
  EXPECT_THAT(by("_text", "uberlastung"), IsEmpty());
  EXPECT_THAT(by("_text", "div"), IsEmpty());
  EXPECT_THAT(by("_text", "metasta"), IsEmpty());
}

TEST_F(StoreText, FindsWordsOfAllThatIsWritten) {
  EXPECT_THAT(by("_content", "uberlastung"), ElementsAre("bone"));
  EXPECT_THAT(by("_content", "someone metastases"), ElementsAre("bone", "liver"));
  EXPECT_THAT(by("_content", "generated"), IsEmpty());  // a code
  EXPECT_THAT(by("_content", "Patient"), IsEmpty());    // an address
  EXPECT_THAT(found("Patient", {{"_content", "metastases"}}), IsEmpty());
  EXPECT_THAT(found("Condition", {{"subject._content", "王小"}, {"_text", "bone"}}), ElementsAre("bone"));
  EXPECT_THAT(found("Patient", {{"_has:Condition:subject:_text", "liver metastases"}}), ElementsAre("p"));
}

TEST_F(StoreText, FindsChinese) {
  EXPECT_THAT(by("_text", "高血压"), ElementsAre("chinese"));
  EXPECT_THAT(by("_text", "病史"), ElementsAre("chinese"));
  EXPECT_THAT(by("_text", "压"), ElementsAre("chinese"));
  EXPECT_THAT(by("_text", "史"), ElementsAre("chinese"));
  EXPECT_THAT(by("_text", "血高"), IsEmpty());
  EXPECT_THAT(by("_text", "糖尿病"), IsEmpty());
  EXPECT_THAT(by("_content", "糖尿病 高血压"), ElementsAre("chinese"));
  EXPECT_THAT(by("_content", "高压"), IsEmpty());
  EXPECT_THAT(by("_content", "ｂ超"), ElementsAre("chinese"));
  EXPECT_THAT(found("Patient", {{"_content", "小明"}}), ElementsAre("p"));
  EXPECT_THAT(found("Patient", {{"_content", "王"}}), ElementsAre("p"));
}

TEST_F(StoreText, FollowsChangesAndDeletions) {
  put(condition("liver", "Nothing is wrong", "fine"));
  EXPECT_THAT(by("_text", "metastases"), ElementsAre("bone"));
  EXPECT_THAT(by("_text", "wrong"), ElementsAre("liver"));
  record_->remove(system_, "Condition", "bone");
  EXPECT_THAT(by("_content", "metastases"), IsEmpty());
  record_->remove(system_, "Condition", "liver");
  put(condition("liver", "Nothing again", "fine"));
  EXPECT_THAT(by("_text", "nothing"), ElementsAre("liver"));
  EXPECT_THAT(by("_text", "wrong"), IsEmpty());
}

TEST_F(StoreText, ShowsNothingThatMayNotBeSeen) {
  const Principal theirs = clinician("b");
  for (const std::string parameter : {"_text", "_content"}) {
    EXPECT_THAT(ids(search_as(clinician("a"), "Condition", {{parameter, "bone"}}), "match"),
                ElementsAre("bone"));
    const Json bundle = search_as(theirs, "Condition", {{parameter, "bone"}, {"_total", "accurate"}});
    EXPECT_THAT(ids(bundle, "match"), IsEmpty());
    EXPECT_EQ(bundle.get("total").as_int(), 0);
  }
  put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"open"}})");
  EXPECT_THAT(ids(search_as(theirs, "Patient", {{"_has:Condition:subject:_text", "bone"}}), "match"),
              IsEmpty());
}

TEST_F(StoreText, RefusesWhatIsNoExpression) {
  for (const std::string value :
       {"(bone", "bone)", "bone or", "and", "not", "\"bone", "()", "-", "bone or -"})
    EXPECT_EQ(refused(value), ErrorCode::invalid_value) << value;
  std::string many, deep;
  for (int i = 0; i < 40; ++i) many += "w" + std::to_string(i) + " ", deep += "not (";
  EXPECT_EQ(refused(many), ErrorCode::too_large);
  EXPECT_EQ(refused(deep), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { search("Condition", {{"_text:exact", "x"}}); }), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { search("Binary", {{"_text", "x"}}); }), ErrorCode::invalid_request);
}

TEST_F(StoreText, PagesThroughManyInTheirOrder) {
  for (int i = 0; i < 120; ++i) {
    const std::string id = "n" + std::to_string(100 + i);
    put(condition(id, i % 2 ? "dense odd" : "dense even", "x"));
  }
  std::vector<std::string> all;
  Parameters parameters{{"_text", "dense even"}, {"_count", "25"}};
  for (int pages = 0; pages < 10; ++pages) {
    const Json bundle = search("Condition", parameters);
    for (const std::string& id : ids(bundle, "match")) all.push_back(id);
    const std::string next = link(bundle, "next");
    if (next.empty()) break;
    parameters = {
        {"_text", "dense even"}, {"_count", "25"}, {"_cursor", next.substr(next.find("_cursor=") + 8)}};
  }
  EXPECT_THAT(all, ::testing::SizeIs(60));
  EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST_F(StoreText, BoundsWhatIsKept) {
  std::string long_text;
  for (int i = 0; i < 60'000; ++i) long_text += "w" + std::to_string(i) + " ";
  const WrittenWords words = written_words(Json::object(
      {{"resourceType", "Basic"}, {"code", Json::object({{"text", long_text + std::string(500, 'z')}})}}));
  EXPECT_LT(words.other.size(), 260'000u);
  EXPECT_THAT(text_of_xhtml("<p title='x'>a&lt;b <i>c</i><br/>d<!-- e --> &eacute;&#x110000;</p>"),
              ::testing::HasSubstr("a<b c d \u00E9"));
}

}  // namespace
}  // namespace meridian::record
