#include "engine/finding.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/project_folder.h"
#include "engine/sample_card.h"

namespace meridian::engine {
namespace {

Json finding_schema() {
  const Json schema = Json::parse(read_file(project_folder() / "docs/reading.schema.json"));
  return *schema.find("properties")->find("findings")->find("items");
}

Finding atrial_fibrillation() {
  Finding finding;
  finding.code = {"http://snomed.info/sct", "49436004", "Atrial fibrillation"};
  finding.text = {"Atrial fibrillation, 92 bpm.", "心房颤动，心率92次/分。"};
  finding.probability = 0.9;
  finding.urgency = Urgency::today;
  finding.measurements = {{{"http://loinc.org", "8867-4", "Heart rate"}, "心率", 92, "/min", "92 bpm"}};
  return finding;
}

TEST(Reading, IsWrittenAsItsSchemaSays) {
  const Card card = Card::parse(sample_card());
  const Json json = to_json(Reading{{}, {atrial_fibrillation()}}, card, "file.dcm");
  EXPECT_EQ(json.text("input"), "file.dcm");
  EXPECT_TRUE(json.find("refused")->is_null());
  const Json& finding = json.find("findings")->at(0);
  EXPECT_EQ(finding.text("code"), "http://snomed.info/sct|49436004");
  EXPECT_EQ(finding.text("text_zh"), "心房颤动，心率92次/分。");
  EXPECT_TRUE(finding.find("threshold")->is_null());
  EXPECT_EQ(finding.get("measurements").at(0).text("display"), "92 bpm");
  EXPECT_EQ(finding.get("measurements").at(0).text("text_zh"), "心率");
  const Json contract = finding_schema();
  for (const Json& required : contract.get("required").items())
    EXPECT_TRUE(finding.contains(required.as_string())) << required.as_string();
}

TEST(Reading, RefusalGivesItsReason) {
  const Card card = Card::parse(sample_card());
  const Json json = to_json(Reading{Refusal{"too-short", {"Too short.", "过短。"}}, {}}, card, "x");
  EXPECT_EQ(json.get("refused").text("reason"), "too-short");
  EXPECT_EQ(json.get("refused").text("text_zh"), "过短。");
  EXPECT_TRUE(json.find("findings")->empty());
}

TEST(Reading, TellsEveryClassThatIsToldApart) {
  const Card card = Card::parse(sample_card());
  Reading reading{{}, {atrial_fibrillation()}};
  EXPECT_FALSE(to_json(reading, card, "x").contains("classes"));
  reading.classes = {{"benign", {"Looks benign", "良性表现"}, 0.75}};
  reading.strangeness = 0.5;
  const Json json = to_json(reading, card, "x");
  EXPECT_EQ(json.get("classes").at(0).text("name"), "benign");
  EXPECT_EQ(json.get("classes").at(0).text("text_zh"), "良性表现");
  EXPECT_EQ(json.get("classes").at(0).get("probability").as_double(), 0.75);
  EXPECT_EQ(json.get("strangeness").as_double(), 0.5);
}

TEST(Urgency, HasNames) {
  for (const Urgency urgency : {Urgency::none, Urgency::routine, Urgency::today, Urgency::emergency})
    EXPECT_EQ(urgency_of(urgency_name(urgency)), urgency);
  EXPECT_THROW(urgency_of("soon"), Error);
}

}  // namespace
}  // namespace meridian::engine
