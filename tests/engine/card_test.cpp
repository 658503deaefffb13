#include "engine/card.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error_of.h"
#include "base/file.h"
#include "base/project_folder.h"
#include "base/temporary_folder.h"
#include "engine/sample_card.h"

namespace meridian::engine {
namespace {

std::string complaint(const Json& card) {
  try {
    Card::parse(card);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_configuration);
    return error.where();
  }
  return "";
}

Json schema() {
  return Json::parse(read_file(project_folder() / "docs/card.schema.json"));
}

TEST(Card, IsRead) {
  const Card card = Card::parse(sample_card());
  EXPECT_EQ(card.id, "sample");
  EXPECT_EQ(card.title.zh, "示例判读");
  ASSERT_EQ(card.triggers.size(), 2u);
  EXPECT_EQ(card.triggers[0].kind, Trigger::Kind::instance);
  EXPECT_EQ(card.triggers[0].modalities, std::vector<std::string>{"ECG"});
  EXPECT_EQ(card.triggers[1].kind, Trigger::Kind::on_demand);
  EXPECT_DOUBLE_EQ(card.operating_point->threshold, 0.5);
  EXPECT_TRUE(card.on_by_default);
  EXPECT_EQ(card.whole, sample_card());
}

TEST(Card, NeedsEachMemberThatItsSchemaRequires) {
  const Json contract = schema();
  for (const Json& name : contract.get("required").items()) {
    Json card = sample_card();
    ASSERT_TRUE(card.erase(name.as_string())) << name.as_string();
    EXPECT_EQ(complaint(card).substr(0, 5 + name.as_string().size()), "card." + name.as_string());
  }
}

TEST(Card, HasNoMemberThatItsSchemaDoesNotKnow) {
  const Json contract = schema();
  Json card = sample_card();
  for (const auto& [name, value] : card.members())
    EXPECT_TRUE(contract.find("properties")->contains(name)) << name;
  card["colour"] = "blue";
  EXPECT_EQ(complaint(card), "card.colour");
}

TEST(Card, NamesThePlaceOfWhatIsWrong) {
  const auto spoiled = [](auto spoil) {
    Json card = sample_card();
    spoil(card);
    return complaint(card);
  };
  EXPECT_EQ(spoiled([](Json& card) { card["id"] = "../etc"; }), "card.id");
  EXPECT_EQ(spoiled([](Json& card) { card["title"].erase("zh"); }), "card.title.zh");
  EXPECT_EQ(spoiled([](Json& card) { card["triggers"] = Json::array(); }), "card.triggers");
  EXPECT_EQ(spoiled([](Json& card) { card["triggers"].items()[0]["on"] = "whim"; }), "card.triggers[0].on");
  EXPECT_EQ(spoiled([](Json& card) { card["models"].items()[0]["file"] = "../../key.pem"; }),
            "card.models[0].file");
  EXPECT_EQ(spoiled([](Json& card) { card["operating_point"]["threshold"] = 1.5; }),
            "card.operating_point.threshold");
  EXPECT_EQ(spoiled([](Json& card) { card["on_by_default"] = "no"; }), "card.on_by_default");
  EXPECT_EQ(spoiled([](Json& card) { card["on_by_default"] = false; }), "card.why_off.en");
  EXPECT_EQ(complaint(Json("text")), "card");
}

class CardFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(home_ / "src/assistants/sample");
    std::filesystem::create_directories(home_ / "models");
    setenv("MERIDIAN_HOME", home_.c_str(), 1);
    write_file(home_ / "src/assistants/sample/card.json", sample_card().dump());
  }
  void TearDown() override { unsetenv("MERIDIAN_HOME"); }

  TemporaryFolder folder_;
  const std::filesystem::path home_ = folder_.path();
};

TEST_F(CardFolder, MissingModelIsNoErrorOfTheCard) {
  EXPECT_EQ(Card::load("sample").id, "sample");
}

TEST_F(CardFolder, ModelMustBeTheOneDescribed) {
  write_file(home_ / "models/absent.onnx", "");
  EXPECT_EQ(Card::load("sample").models.size(), 1u);
  write_file(home_ / "models/absent.onnx", "another");
  const auto error = error_of([] { Card::load("sample"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::corrupted);
  EXPECT_EQ(error->where(), home_ / "models/absent.onnx");
  EXPECT_EQ(Card::read("sample").models.size(), 1u);
}

TEST_F(CardFolder, IdIsTheNameOfItsFolder) {
  write_file(home_ / "src/assistants/sample/card.json", sample_card("other").dump());
  EXPECT_EQ(code_of([] { Card::load("sample"); }), ErrorCode::invalid_configuration);
  EXPECT_EQ(code_of([] { Card::load("nowhere"); }), ErrorCode::invalid_configuration);
}

}  // namespace
}  // namespace meridian::engine
