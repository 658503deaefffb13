#include "assistants/imaging/follow_up.h"

#include <gtest/gtest.h>

namespace meridian::assistants::imaging {
namespace {

engine::Finding finding_of(const std::string& text, bool positive, double probability) {
  engine::Finding finding;
  finding.text = {text + ".", text + "。"};
  finding.positive = positive;
  finding.probability = probability;
  return finding;
}

engine::Reading reading_of(const std::string& name, double probability, bool positive) {
  engine::Reading reading;
  reading.classes = {{name, {"It is " + name, "此为" + name}, probability}};
  reading.findings = {
      finding_of(positive ? "It is " + name : "Not found: It is " + name, positive, probability)};
  return reading;
}

engine::Finding followed_up(const std::string& assistant, engine::Reading reading,
                            std::optional<double> age = {}) {
  engine::Input input;
  input.subject.age_years = age;
  follow_up(assistant)(input, reading);
  return reading.findings.at(0);
}

std::string category(const engine::Finding& finding) {
  if (!finding.evidence.is_object()) return {};
  const std::string name = finding.evidence.get("rules").at(0).text("name");
  return name.substr(name.rfind(": ") + 2);
}

TEST(FollowUp, GoesByTheProbability) {
  EXPECT_EQ(category(followed_up("breast_us", reading_of("malignant", 0.97, true))), "5-like");
  EXPECT_EQ(category(followed_up("breast_us", reading_of("malignant", 0.6, true))), "4C-like");
  EXPECT_EQ(category(followed_up("breast_us", reading_of("malignant", 0.1, false))), "4B-like");
  EXPECT_EQ(category(followed_up("breast_us", reading_of("malignant", 0.099, false))), "4A-like");
  EXPECT_EQ(category(followed_up("breast_us", reading_of("malignant", 0.01, false))), "");
}

TEST(FollowUp, GoesByWhatWasFound) {
  const engine::Finding found = followed_up("fundus_dr", reading_of("referable", 0.6, true));
  EXPECT_EQ(category(found), "referral");
  EXPECT_EQ(found.urgency, engine::Urgency::today);
  EXPECT_NE(found.text.en.find("ICO guidelines"), std::string::npos);
  EXPECT_NE(found.text.zh.find("眼科"), std::string::npos);
  EXPECT_EQ(category(followed_up("fundus_dr", reading_of("referable", 0.1, false))), "screening again");
}

TEST(FollowUp, GoesByAge) {
  const engine::Reading mild = reading_of("light_dysplastic", 0.7, true);
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, 24)), "repeat");
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, 25)), "HPV triage");
  EXPECT_EQ(category(followed_up("cervical_cytology", mild)), "HPV triage");
}

Json hpv_test(const std::string& when, const std::string& interpretation) {
  Json test = Json::parse(R"({"resourceType": "Observation", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "21440-3"}]},
    "interpretation": [{"coding": [{"code": ""}]}]})");
  test["effectiveDateTime"] = when;
  test["interpretation"].items()[0]["coding"].items()[0]["code"] = interpretation;
  return test;
}

TEST(FollowUp, GoesByTheLastHpvTest) {
  engine::Input input;
  input.subject.age_years = 40;
  const auto with = [&](std::vector<Json> resources) {
    input.resources = std::move(resources);
    engine::Reading reading = reading_of("light_dysplastic", 0.7, true);
    follow_up("cervical_cytology")(input, reading);
    return category(reading.findings.at(0));
  };
  EXPECT_EQ(with({}), "HPV triage");
  EXPECT_EQ(with({hpv_test("2026-01-02", "POS")}), "HPV positive");
  EXPECT_EQ(with({hpv_test("2026-03-02", "NEG"), hpv_test("2026-01-02", "POS")}), "HPV negative");
  EXPECT_EQ(with({hpv_test("2026-03-02", "IND")}), "HPV triage");
  EXPECT_EQ(with({Json::parse(R"({"resourceType": "Observation", "code": {"text": "HPV"}})")}), "HPV triage");
}

TEST(FollowUp, PutsHaemorrhageFirst) {
  engine::Reading both = reading_of("stroke", 0.9, true);
  const engine::Reading blood = reading_of("haemorrhage", 0.8, true);
  both.classes.push_back(blood.classes[0]);
  both.findings.push_back(blood.findings[0]);
  const engine::Finding found = followed_up("head_ct", both);
  EXPECT_EQ(category(found), "haemorrhage first");
  EXPECT_EQ(found.urgency, engine::Urgency::emergency);
  EXPECT_EQ(category(followed_up("head_ct", reading_of("stroke", 0.9, true))), "time window");
  EXPECT_EQ(category(followed_up("head_ct", reading_of("stroke", 0.1, false))), "");
}

TEST(FollowUp, SaysNothingWhereNothingWasRead) {
  engine::Reading reading;
  follow_up("head_ct")({}, reading);
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_EQ(category(followed_up("nobody", reading_of("stroke", 0.9, true))), "");
}

}  // namespace
}  // namespace meridian::assistants::imaging
