#include "engine/registry.h"

#include <gtest/gtest.h>

#include "engine/matching.h"
#include "engine/node.h"

namespace meridian::engine {
namespace {

Reading nothing(const Input&) {
  return {};
}

Node::Assistants two() {
  Node::Assistants assistants;
  assistants.push_back(scripted("ecg_reader", "ECG", nothing));
  assistants.push_back(scripted("film_reader", "DX", nothing, [](Json& card) {
    card["on_by_default"] = false;
    card["why_off"] = Json::object({{"en", "Not good enough"}, {"zh", "尚不够好"}});
  }));
  return assistants;
}

trust::Principal person(trust::Role role) {
  return {"u1", "Gao Lei", role, "Practitioner/1", "Organization/h"};
}

class Assistants : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(Assistants, AreOnAsTheirCardsSay) {
  Node node(folder_.path(), two());
  EXPECT_TRUE(node.registry.state("ecg_reader").on);
  EXPECT_FALSE(node.registry.state("film_reader").on);
  EXPECT_EQ(node.registry.state("film_reader").reason.zh, "尚不够好");
  EXPECT_EQ(code_of([&] { node.registry.get("nobody"); }), ErrorCode::not_found);
}

TEST_F(Assistants, AreSwitchedWithReasonAndNameAndForGood) {
  {
    Node node(folder_.path(), two());
    node.registry.set_state(node.record, person(trust::Role::specialist), "ecg_reader", false, "Broken lead");
    node.registry.set_state(node.record, person(trust::Role::administrator), "film_reader", true, "");
  }
  Node node(folder_.path(), two());
  const Json list = node.registry.to_json();
  EXPECT_FALSE(list.at(0).find("on")->as_bool());
  EXPECT_EQ(list.at(0).text("reason"), "Broken lead");
  EXPECT_EQ(list.at(0).text("changedBy"), "Gao Lei");
  EXPECT_TRUE(list.at(1).find("on")->as_bool());
  trust::LedgerFilter filter;
  filter.kind = "assistant.off";
  ASSERT_EQ(node.ledger.entries(filter).size(), 1u);
  EXPECT_EQ(node.ledger.entries(filter).front().entity, "ecg_reader");
}

TEST_F(Assistants, AreNotSwitchedByEverybodyNorWithoutReason) {
  Node node(folder_.path(), two());
  for (const auto role :
       {trust::Role::resident, trust::Role::clinician, trust::Role::auditor, trust::Role::device})
    EXPECT_EQ(
        code_of([&] { node.registry.set_state(node.record, person(role), "ecg_reader", false, "why"); }),
        ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] {
              node.registry.set_state(node.record, person(trust::Role::specialist), "ecg_reader", false, "");
            }),
            ErrorCode::invalid_value);
  EXPECT_TRUE(node.registry.state("ecg_reader").on);
}

TEST_F(Assistants, OfOneIdAreRefused) {
  EXPECT_EQ(code_of([&] {
              Node::Assistants twins;
              twins.push_back(scripted("twin", "ECG", nothing));
              twins.push_back(scripted("twin", "DX", nothing));
              Node node(folder_.path(), std::move(twins));
            }),
            ErrorCode::invalid_configuration);
}

TEST(Matching, GoesByModalityAndSopClass) {
  const Card card = Card::parse(sample_card("sample", "ECG"));
  archive::InstanceFacts facts;
  facts.modality = "ECG";
  EXPECT_TRUE(matches(card, facts));
  facts.modality = "CT";
  EXPECT_FALSE(matches(card, facts));
  Json narrow = sample_card("sample", "CT");
  narrow["triggers"].items().front()["sop_classes"] = Json::array({"1.2.840.10008.5.1.4.1.1.2"});
  facts.sop_class = "1.2.840.10008.5.1.4.1.1.7";
  EXPECT_FALSE(matches(Card::parse(narrow), facts));
  facts.sop_class = "1.2.840.10008.5.1.4.1.1.2";
  EXPECT_TRUE(matches(Card::parse(narrow), facts));
  EXPECT_FALSE(matches(card, "Observation"));
}

TEST(Matching, ARunRequestComesBackFromItsPayload) {
  const RunRequest request{"a", "1.2", "", "Patient/p", "Encounter/e", "ImagingStudy/s"};
  EXPECT_EQ(RunRequest::from_json(request.to_json()).to_json(), request.to_json());
  EXPECT_EQ(request.input(), "1.2");
}

}  // namespace
}  // namespace meridian::engine
