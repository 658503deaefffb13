#include "engine/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/drift.h"
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

void judge(Node& node, const std::string& site, int times, Outcome outcome,
           const std::string& version = "1.0.0") {
  for (int i = 0; i < times; ++i)
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      node.registry.judge(writer, {"ecg_reader", version}, site, outcome);
    });
}

TEST_F(Assistants, TellHowFarEachSiteAgrees) {
  Node node(folder_.path(), two());
  judge(node, "Organization/a", 3, Outcome::accepted);
  judge(node, "Organization/b", 1, Outcome::accepted);
  judge(node, "Organization/b", 2, Outcome::rejected);
  const Json told = node.registry.to_json("ecg_reader");
  EXPECT_EQ(told.get("counts").get("accepted").as_int(), 4);
  const Json& sites = told.get("agreement");
  ASSERT_EQ(sites.size(), 2u);
  EXPECT_EQ(sites.at(0).text("site"), "Organization/a");
  EXPECT_EQ(sites.at(0).get("rejected").as_int(), 0);
  EXPECT_EQ(sites.at(1).get("rejected").as_int(), 2);
}

TEST_F(Assistants, AreSwitchedOffWhenTooFewOfTheirDraftsAreAccepted) {
  const AgreementPolicy policy;
  const int accepted = static_cast<int>(policy.least * policy.window);
  {
    Node node(folder_.path(), two());
    judge(node, "Organization/a", accepted, Outcome::accepted);
    judge(node, "Organization/a", policy.window - accepted, Outcome::rejected);
    EXPECT_TRUE(node.registry.state("ecg_reader").on);
    judge(node, "Organization/a", 1, Outcome::rejected);
    EXPECT_FALSE(node.registry.state("ecg_reader").on);
    EXPECT_EQ(node.ledger.entries({.kind = "assistant.off"}).size(), 1u);
  }
  Node node(folder_.path(), two());
  const AssistantState state = node.registry.state("ecg_reader");
  EXPECT_FALSE(state.on);
  EXPECT_NE(state.reason.en.find("of its last 30 drafts"), std::string::npos);
  EXPECT_NE(state.reason.zh.find("30"), std::string::npos);
  // Who switches it on again gives it as many drafts as before.
  node.registry.set_state(node.record, person(trust::Role::specialist), "ecg_reader", true, "");
  judge(node, "Organization/a", policy.window - 1, Outcome::rejected);
  EXPECT_TRUE(node.registry.state("ecg_reader").on);
}

TEST_F(Assistants, AreJudgedByTheVersionThatMadeTheDraft) {
  const AgreementPolicy policy;
  Node node(folder_.path(), two());
  judge(node, "Organization/a", policy.window, Outcome::rejected, "0.9.0");
  EXPECT_TRUE(node.registry.state("ecg_reader").on);
  EXPECT_EQ(node.registry.to_json("ecg_reader").get("agreement").size(), 0u);
  EXPECT_EQ(node.registry.to_json("ecg_reader").get("counts.rejected").as_int(), policy.window);
}

std::int64_t rows(Node& node, const std::string& table) {
  std::int64_t count = 0;
  node.database->read([&](storage::Connection& connection) {
    connection.query_first("SELECT COUNT(*) FROM " + table, {},
                           [&](const storage::Row& row) { count = row.integer(0); });
  });
  return count;
}

TEST_F(Assistants, KeepNoMoreJudgementsAndScoresThanAreLookedAt) {
  const AgreementPolicy policy;
  Node node(folder_.path(), two());
  judge(node, "Organization/a", policy.window + 5, Outcome::accepted);
  EXPECT_EQ(rows(node, "assistant_judgement"), policy.window);
  EXPECT_EQ(node.registry.to_json("ecg_reader").get("agreement").at(0).get("accepted").as_int(),
            policy.window + 5);
  for (int i = 0; i < 310; ++i)
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      node.registry.note(writer.transaction(), "ecg_reader", fibrillation());
    });
  EXPECT_EQ(rows(node, "assistant_score"), 300);
}

TEST_F(Assistants, TellWhenWhatTheySayHasShifted) {
  Node node(folder_.path(), two());
  const auto note = [&](int times, double step) {
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      for (int i = 0; i < times; ++i) {
        Reading reading = fibrillation();
        reading.findings[0].probability = (i % 10) * step;
        node.registry.note(writer.transaction(), "ecg_reader", reading);
      }
    });
  };
  note(250, 0.1);
  EXPECT_TRUE(node.registry.to_json("ecg_reader").get("drift").get("probability").is_null());
  note(50, 0.1);
  const Json steady = node.registry.to_json("ecg_reader").get("drift").get("probability");
  EXPECT_FALSE(steady.get("shifted").as_bool());
  note(100, 0.01);
  const Json moved = node.registry.to_json("ecg_reader").get("drift");
  EXPECT_TRUE(moved.get("probability").get("shifted").as_bool());
  EXPECT_TRUE(moved.get("strangeness").is_null());
}

TEST(Drift, IsNoneBetweenTheSameScoresAndMuchBetweenOthers) {
  std::vector<double> scores, others;
  for (int i = 0; i < 100; ++i) {
    scores.push_back(i);
    others.push_back(i + 60);
  }
  EXPECT_NEAR(population_stability(scores, scores), 0, 1e-12);
  EXPECT_GT(population_stability(scores, others), shift_limit(100, 100));
  EXPECT_EQ(code_of([&] { population_stability({}, scores); }), ErrorCode::invalid_value);
}

TEST(Drift, IsSeldomSeenWhereNothingHasChanged) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> anything;
  const auto drawn = [&](std::size_t count) {
    std::vector<double> values(count);
    std::ranges::generate(values, [&] { return anything(random); });
    return values;
  };
  int alarms = 0;
  for (int look = 0; look < 2000; ++look)
    alarms += population_stability(drawn(200), drawn(100)) > shift_limit(200, 100);
  EXPECT_LE(alarms, 8);
  EXPECT_EQ(shift_limit(100'000, 100'000), 0.25);
}

TEST_F(Assistants, AreAskedOnceAboutASeries) {
  Node::Assistants assistants;
  assistants.push_back(
      scripted("slices", "CT", nothing, [](Json& card) { card["inputs"]["kind"] = "series"; }));
  assistants.push_back(scripted("pictures", "CT", nothing));
  Node node(folder_.path(), std::move(assistants));
  archive::InstanceFacts facts;
  facts.modality = "CT";
  facts.key = {"1.2", "1.2.3", ""};
  node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    for (const char* instance : {"1.2.3.1", "1.2.3.2", "1.2.3.3"})
      request_matching_runs(writer, node.registry, facts, {{}, instance, {}, "", "", ""});
  });
  std::multiset<std::string> asked;
  while (const auto job = node.queue.take(std::string(kRunTopic), std::chrono::seconds(60))) {
    const RunRequest request = RunRequest::from_json(job->payload);
    asked.insert(request.assistant + " " + request.key());
  }
  EXPECT_EQ(asked, (std::multiset<std::string>{"pictures 1.2.3.1", "pictures 1.2.3.2", "pictures 1.2.3.3",
                                               "slices 1.2.3"}));
}

TEST(Matching, GoesByBodyPartWhereOneIsNamed) {
  Json chest = sample_card("sample", "DX");
  chest["triggers"].items().front()["body_parts"] = Json::array({"CHEST"});
  const Card card = Card::parse(chest);
  archive::InstanceFacts facts;
  facts.modality = "DX";
  EXPECT_TRUE(matches(card, facts));
  facts.body_part = "CHEST PA";
  EXPECT_TRUE(matches(card, facts));
  facts.body_part = "ANKLE";
  EXPECT_FALSE(matches(card, facts));
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
