#include "care/comparison.h"

#include "care/comparable.h"

#include <gtest/gtest.h>

#include <cmath>

namespace meridian::care {
namespace {

Json finding(const std::string& code, bool positive, const std::string& urgency, double rate = 0) {
  Json measurements = Json::array();
  if (rate > 0)
    measurements.push_back(Json::object({{"code", "http://loinc.org|8867-4"},
                                         {"text", Json::object({{"en", "Heart rate"}, {"zh", "心率"}})},
                                         {"value", rate},
                                         {"display", std::to_string(std::lround(rate)) + " bpm"}}));
  return Json::object({{"code", code},
                       {"text", Json::object({{"en", code}, {"zh", code}})},
                       {"probability", Json()},
                       {"positive", positive},
                       {"urgency", urgency},
                       {"measurements", std::move(measurements)},
                       {"evidence", Json::object({})}});
}

Json draft(Json findings, const std::string& version = "1.0.0", const std::string& status = "draft") {
  return Json::object({{"assistant", Json::object({{"version", version}})},
                       {"status", status},
                       {"findings", std::move(findings)}});
}

TEST(Comparison, TellsWhatIsNewAndWhatIsGone) {
  const Json before = Json::array({finding("rhythm", true, "none", 70), finding("lbbb", true, "today")});
  const Json now = Json::array({finding("rhythm", true, "none", 95), finding("stemi", true, "emergency"),
                                finding("lbbb", false, "none")});
  const Json compared = compare_ecgs(draft(now), draft(before));
  ASSERT_EQ(compared.get("measurements").size(), 1u);
  EXPECT_EQ(compared.get("measurements").at(0).get("before").get("value").as_double(), 70);
  EXPECT_EQ(compared.get("measurements").at(0).get("now").text("display"), "95 bpm");
  ASSERT_EQ(compared.get("new").size(), 1u);
  EXPECT_EQ(compared.get("new").at(0).text("en"), "stemi");
  ASSERT_EQ(compared.get("gone").size(), 1u);
  EXPECT_EQ(compared.get("gone").at(0).text("zh"), "lbbb");
}

TEST(Comparison, OfTheSameIsEmpty) {
  const Json findings = Json::array({finding("stemi", true, "emergency")});
  const Json compared = compare_ecgs(draft(findings), draft(findings));
  EXPECT_TRUE(compared.get("new").empty() && compared.get("gone").empty());
}

Json lesion(double millimetres, double probability) {
  Json one = finding("lesion", true, "routine");
  one["probability"] = probability;
  one["display"] = "Lesion";
  const auto measure = [](const char* code, double value, const char* unit) {
    return Json::object({{"code", std::string("urn:meridian:imaging|") + code},
                         {"text", Json::object({{"en", code}, {"zh", code}})},
                         {"value", value},
                         {"unit", unit},
                         {"display", std::to_string(std::lround(value)) + " " + unit}});
  };
  one["measurements"] = Json::array({measure("longest-diameter", millimetres, "mm"),
                                     measure("longest-diameter-pixels", 10 * millimetres, "{pixels}"),
                                     measure("share-of-picture", millimetres, "%")});
  return Json::array({one});
}

TEST(Comparison, OfPicturesTellsWhatGrewAndByHowMuch) {
  const Json compared =
      compare_pictures(draft(lesion(15, 0.81), "1.1.0"), draft(lesion(12, 0.4), "1.0.0", "accepted"));
  ASSERT_EQ(compared.get("measurements").size(), 1u) << "pixels and shares depend on the camera";
  const Json& size = compared.get("measurements").at(0);
  EXPECT_EQ(size.text("change.en"), "+3.0 mm (+25 %)");
  EXPECT_EQ(size.text("trend"), "larger");
  EXPECT_EQ(compared.get("probabilities").at(0).get("before").as_double(), 0.4);
  EXPECT_EQ(compared.text("version.before"), "1.0.0");
  EXPECT_EQ(compared.text("version.now"), "1.1.0");
  EXPECT_TRUE(compared.get("signed").as_bool());
  const engine::LocalizedText said = sentence_of(compared, {"the film of May", "五月的胸片"});
  EXPECT_EQ(said.en,
            "Compared with the film of May: longest-diameter 15 mm (before 12 mm), +3.0 mm (+25 %), larger; "
            "probability 0.81 (before 0.40).");
  EXPECT_NE(said.zh.find("增大"), std::string::npos);
}

// Of two lesions nobody can say which was which.
TEST(Comparison, OfPicturesComparesNoneOfSeveral) {
  Json two = lesion(9, 0.3);
  two.push_back(lesion(30, 0.9).at(0));
  for (const auto& [now, before] : {std::pair(two, lesion(12, 0.4)), std::pair(lesion(12, 0.4), two)}) {
    const Json compared = compare_pictures(draft(now), draft(before));
    EXPECT_TRUE(compared.get("measurements").empty() && compared.get("probabilities").empty());
  }
  Json other = lesion(12, 0.4);
  other.items()[0]["code"] = "another";
  EXPECT_TRUE(compare_pictures(draft(lesion(15, 0.8)), draft(other)).get("measurements").empty())
      << "the size of something else";
}

Shown shown(const char* modality, const char* part, const char* side, const char* view = "") {
  return {modality, part, side, view};
}

TEST(Comparison, IsOfPicturesThatShowTheSame) {
  const Shown chest = shown("DX", "CHEST", "U", "PA"), eye = shown("OP", "RETINA", "L");
  EXPECT_TRUE(are_comparable(chest, chest));
  EXPECT_FALSE(are_comparable(chest, shown("DX", "CHEST", "U", "LL"))) << "another view";
  EXPECT_FALSE(are_comparable(chest, shown("DX", "HAND", "U", "PA"))) << "another part";
  EXPECT_FALSE(are_comparable(chest, shown("CT", "CHEST", "U", "PA")));
  EXPECT_TRUE(are_comparable(eye, eye));
  EXPECT_FALSE(are_comparable(eye, shown("OP", "RETINA", "R")));
  for (const Shown& unsaid : {shown("OP", "RETINA", ""), shown("US", "BREAST", ""), shown("MG", "", ""),
                              shown("DX", "HAND", "U"), shown("DX", "", "")})
    EXPECT_FALSE(are_comparable(unsaid, unsaid)) << unsaid.body_part << ": which of the two?";
  for (const Shown& alone : {shown("CT", "HEAD", ""), shown("MR", "HIPPOCAMPUS", ""),
                             shown("US", "HEART", ""), shown("ES", "", "")})
    EXPECT_TRUE(are_comparable(alone, alone)) << alone.body_part;
}

TEST(Comparison, OfPicturesCallsSmallChangesNoGrowth) {
  const auto trend = [](double before, double now) {
    return compare_pictures(draft(lesion(now, 0.5)), draft(lesion(before, 0.5)))
        .get("measurements")
        .at(0)
        .text("trend");
  };
  EXPECT_EQ(trend(12, 13.9), "");
  EXPECT_EQ(trend(12, 14), "larger");
  EXPECT_EQ(trend(14, 12), "smaller");
}

}  // namespace
}  // namespace meridian::care
