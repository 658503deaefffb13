#include "care/comparison.h"

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

TEST(Comparison, TellsWhatIsNewAndWhatIsGone) {
  const Json before = Json::array({finding("rhythm", true, "none", 70), finding("lbbb", true, "today")});
  const Json now = Json::array({finding("rhythm", true, "none", 95), finding("stemi", true, "emergency"),
                                finding("lbbb", false, "none")});
  const Json compared = compare_findings(now, before);
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
  const Json compared = compare_findings(findings, findings);
  EXPECT_TRUE(compared.get("new").empty() && compared.get("gone").empty());
}

}  // namespace
}  // namespace meridian::care
