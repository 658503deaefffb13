#include "assistants/ecg/criteria.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assistants/ecg/judgement.h"
#include "assistants/ecg/quantity.h"
#include "base/error.h"
#include "signal/twelve_lead_features.h"

namespace meridian::assistants::ecg {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr double kRr = 1;

// An ECG in which no criterion holds.
signal::EcgMeasurements normal() {
  signal::EcgMeasurements measured;
  measured.intervals = {0.1, 0.16, 0.09, 0.4};
  measured.qrs_axis = 45;
  measured.beats = 10;
  for (const std::string_view name : signal::kTwelveLeads) {
    signal::LeadMeasurements lead;
    lead.lead = name;
    lead.qrs.r = 0.6;
    lead.qrs.r_peak_time = 0.035;
    lead.t = 0.2;
    measured.leads.push_back(lead);
  }
  return measured;
}

signal::LeadMeasurements& lead(signal::EcgMeasurements& measured, std::string_view name) {
  for (signal::LeadMeasurements& one : measured.leads)
    if (one.lead == name) return one;
  throw std::out_of_range("no such lead");
}

std::vector<std::string> found(const signal::EcgMeasurements& measured, const engine::Subject& subject = {}) {
  static const CriteriaTable table = CriteriaTable::load();
  std::vector<std::string> ids;
  for (const FoundStatement& statement : table.find(measured, kRr, subject))
    ids.push_back(statement.statement->id);
  return ids;
}

TEST(Criteria, HoldInNoNormalEcg) {
  EXPECT_THAT(found(normal()), IsEmpty());
}

TEST(Criteria, OfALeadThatIsNotThereDoNotHold) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V2", "V3", "II", "aVF"}) lead(measured, name).j = 0.3;
  EXPECT_THAT(found(measured), ElementsAre("st-elevation-anterior", "st-elevation-inferior"));
  std::erase_if(measured.leads, [](const auto& one) { return one.lead == "V2"; });
  EXPECT_THAT(found(measured), ElementsAre("st-elevation-inferior"));
}

TEST(Criteria, AreBarredByWhatMayHoldInALeadThatIsMissing) {
  static const CriteriaTable table = CriteriaTable::load();
  signal::EcgMeasurements block = normal();
  block.intervals.qrs = 0.15;
  lead(block, "V1").qrs.r = 0.1;
  lead(block, "V1").qrs.s = -1.5;
  for (const char* name : {"V2", "V3"}) lead(block, name).qrs.s = -0.5;
  lead(block, "I").qrs.r_peak_time = 0.08;
  for (const char* name : {"V2", "V3"}) lead(block, name).j = 0.3;
  const std::vector<std::string> missing{"V6"};
  const auto ids = [&](std::span<const std::string> without) {
    std::vector<std::string> all;
    for (const FoundStatement& one : table.find(block, kRr, {}, {}, without))
      all.push_back(one.statement->id);
    return all;
  };
  EXPECT_THAT(ids({}), ElementsAre("lbbb"));
  std::erase_if(block.leads, [](const auto& one) { return one.lead == "V6"; });
  EXPECT_THAT(ids(missing), Not(Contains("st-elevation-anterior"))) << "a block in all that can be seen";
  block.intervals.qrs = 0.09;
  EXPECT_THAT(ids(missing), Contains("st-elevation-anterior")) << "no block, whatever V6 shows";
}

TEST(Criteria, TellWhichStatementsNeedALead) {
  static const CriteriaTable table = CriteriaTable::load();
  const auto needing = [&](std::vector<std::string> leads) {
    std::vector<std::string> ids;
    for (const Statement* statement : table.needing(leads)) ids.push_back(statement->id);
    return ids;
  };
  EXPECT_THAT(needing({"V2"}), Contains("st-elevation-anterior"));
  EXPECT_THAT(needing({"V2"}), Not(Contains("st-elevation-inferior")));
  EXPECT_THAT(needing({"V5"}), Not(Contains("lvh"))) << "V6 serves as well";
  EXPECT_THAT(needing({"V5", "V6"}), Contains("lvh"));
  EXPECT_THAT(needing({"I"}), Contains("lafb")) << "by its axis";
  EXPECT_THAT(needing({}), IsEmpty());
}

TEST(Criteria, TellBundleBranchBlocksApart) {
  signal::EcgMeasurements left = normal();
  left.intervals.qrs = 0.15;
  lead(left, "V1").qrs.s = -1.5;
  lead(left, "V6").qrs.r_peak_time = 0.08;
  EXPECT_THAT(found(left), ElementsAre("lbbb"));
  signal::EcgMeasurements right = normal();
  right.intervals.qrs = 0.14;
  lead(right, "V1").qrs.r_prime = 0.8;
  lead(right, "V6").qrs.s_duration = 0.05;
  EXPECT_THAT(found(right), ElementsAre("rbbb"));
  signal::EcgMeasurements other = normal();
  other.intervals.qrs = 0.14;
  EXPECT_THAT(found(other), ElementsAre("wide-qrs"));
}

TEST(Criteria, OfStElevationDependOnAgeAndSex) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V2", "V3"}) lead(measured, name).j = 0.22;
  EXPECT_THAT(found(measured, {"male", 60}), ElementsAre("st-elevation-anterior"));
  EXPECT_THAT(found(measured, {"male", 30}), IsEmpty());
  EXPECT_THAT(found(measured), ElementsAre("st-elevation-anterior")) << "as of a man of 40 or more";
  for (const char* name : {"V2", "V3"}) lead(measured, name).j = 0.17;
  EXPECT_THAT(found(measured, {"female", 60}), ElementsAre("st-elevation-anterior"));
  EXPECT_THAT(found(measured, {"male", 60}), IsEmpty());
}

TEST(Criteria, OfStElevationNeedTwoLeads) {
  signal::EcgMeasurements measured = normal();
  lead(measured, "II").j = 0.3;
  EXPECT_THAT(found(measured), IsEmpty());
  lead(measured, "aVF").j = 0.12;
  EXPECT_THAT(found(measured), ElementsAre("st-elevation-inferior"));
}

TEST(Criteria, OfStNeedNeighbouringLeads) {
  const auto with = [](std::initializer_list<const char*> names, double j) {
    signal::EcgMeasurements measured = normal();
    for (const char* name : names) lead(measured, name).j = lead(measured, name).st60 = j;
    return found(measured);
  };
  EXPECT_THAT(with({"V1", "V4"}, 0.3), IsEmpty());
  EXPECT_THAT(with({"I", "V6"}, 0.3), IsEmpty());
  EXPECT_THAT(with({"V4", "V5"}, 0.3), ElementsAre("st-elevation-lateral"));
  EXPECT_THAT(with({"V1", "V2"}, 0.3), ElementsAre("st-elevation-anterior"));
  EXPECT_THAT(with({"aVL", "I"}, 0.3), ElementsAre("st-elevation-lateral"));
  EXPECT_THAT(with({"V1", "V4"}, -0.08), IsEmpty());
  EXPECT_THAT(with({"V4", "V5"}, -0.08), ElementsAre("st-depression-lateral"));
}

TEST(Criteria, NameEachNeighbourOnce) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V2", "V3", "V4"}) lead(measured, name).j = 0.3;
  static const CriteriaTable table = CriteriaTable::load();
  const auto statements = table.find(measured, kRr, {});
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].criteria.size(), 3u);
}

TEST(Criteria, OfStElevationHoldInRightBundleBranchBlock) {
  signal::EcgMeasurements measured = normal();
  measured.intervals.qrs = 0.14;
  lead(measured, "V1").qrs.r_prime = 0.8;
  lead(measured, "V6").qrs.s_duration = 0.05;
  for (const char* name : {"V2", "V3"}) lead(measured, name).j = 0.3;
  EXPECT_THAT(found(measured), ElementsAre("rbbb", "st-elevation-anterior"));
}

signal::EcgMeasurements with_left_bundle_branch_block() {
  signal::EcgMeasurements measured = normal();
  measured.intervals.qrs = 0.15;
  for (const char* name : {"V1", "V2", "V3"}) lead(measured, name).qrs.s = -2;
  lead(measured, "V6").qrs.r_peak_time = 0.08;
  return measured;
}

TEST(Criteria, OfInfarctionInLeftBundleBranchBlock) {
  signal::EcgMeasurements measured = with_left_bundle_branch_block();
  lead(measured, "V2").j = 0.4;
  EXPECT_THAT(found(measured), ElementsAre("lbbb")) << "a fifth of S is the block's own";
  lead(measured, "V2").j = 0.55;
  EXPECT_THAT(found(measured), ElementsAre("lbbb", "sgarbossa"));
  measured = with_left_bundle_branch_block();
  lead(measured, "V5").j = 0.12;
  EXPECT_THAT(found(measured), ElementsAre("lbbb", "sgarbossa")) << "concordant elevation";
  measured = with_left_bundle_branch_block();
  lead(measured, "V3").j = -0.12;
  EXPECT_THAT(found(measured), ElementsAre("lbbb", "sgarbossa")) << "concordant depression";
  measured = with_left_bundle_branch_block();
  lead(measured, "V4").qrs.s = -0.5;
  lead(measured, "V4").j = 0.11;
  EXPECT_THAT(found(measured), ElementsAre("lbbb")) << "R and S are alike";
  measured = normal();
  lead(measured, "V5").j = 0.12;
  EXPECT_THAT(found(measured), IsEmpty()) << "without the block";
}

TEST(Criteria, OfPacedBeatsAreThoseOfInfarctionAlone) {
  static const CriteriaTable table = CriteriaTable::load();
  signal::EcgMeasurements measured = with_left_bundle_branch_block();
  EXPECT_THAT(table.find(measured, kRr, {}, {.paced = true}), IsEmpty());
  lead(measured, "V5").j = 0.12;
  const auto statements = table.find(measured, kRr, {}, {.paced = true});
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].statement->id, "sgarbossa");
}

TEST(Criteria, OfStElevationOnTheBackAndTheRight) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V7", "V8", "V4R"}) {
    signal::LeadMeasurements more;
    more.lead = name;
    more.qrs.r = 0.5;
    measured.leads.push_back(more);
  }
  lead(measured, "V8").j = 0.07;
  EXPECT_THAT(found(measured), IsEmpty()) << "one lead";
  lead(measured, "V7").j = 0.07;
  EXPECT_THAT(found(measured, {"male", 60}), ElementsAre("st-elevation-posterior"));
  EXPECT_THAT(found(measured, {"male", 35}), IsEmpty());
  lead(measured, "V7").j = 0;
  lead(measured, "V4R").j = 0.07;
  EXPECT_THAT(found(measured, {"male", 35}), ElementsAre("st-elevation-right"));
  EXPECT_THAT(found(measured, {"male", 25}), IsEmpty());
}

TEST(Criteria, OfTheLeftMainArtery) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V7", "V8", "V9"}) {
    measured.leads.push_back({});
    measured.leads.back().lead = name;
    measured.leads.back().j = -0.15;
  }
  EXPECT_EQ(quantity_of("depressed_leads", measured, kRr, true), 0) << "of the twelve alone";
  for (const char* name : {"I", "II", "V3", "V4", "V5", "V6"}) lead(measured, name).j = -0.15;
  EXPECT_THAT(found(measured), Not(Contains("st-left-main"))) << "without elevation in aVR";
  lead(measured, "aVR").j = 0.12;
  EXPECT_THAT(found(measured), Contains("st-left-main"));
  lead(measured, "II").j = 0;
  EXPECT_THAT(found(measured), Not(Contains("st-left-main"))) << "five leads";
}

TEST(Criteria, OfWhatFlutterWavesHideOrFeignAreLeftOut) {
  static const CriteriaTable table = CriteriaTable::load();
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"I", "II", "V3", "V4", "V5", "V6"}) lead(measured, name).j = -0.15;
  lead(measured, "aVR").j = 0.12;
  for (const char* name : {"III", "aVF"}) {
    lead(measured, name).t = -0.3;
    lead(measured, name).j = 0.2;
  }
  const auto ids = [&](const RhythmBars& rhythm) {
    std::vector<std::string> all;
    for (const FoundStatement& one : table.find(measured, kRr, {}, rhythm)) all.push_back(one.statement->id);
    return all;
  };
  EXPECT_THAT(ids({}), ElementsAre("st-elevation-inferior", "st-left-main", "t-inversion-inferior"));
  EXPECT_THAT(ids({.flutter = true}), ElementsAre("st-elevation-inferior"));
  for (const Statement* barred : table.barred_by_flutter())
    EXPECT_THAT(barred->id, Not(testing::HasSubstr("elevation")));
}

TEST(Criteria, OfRepolarizationAreLeftOutInLeftBundleBranchBlock) {
  signal::EcgMeasurements measured = normal();
  for (const char* name : {"V5", "V6"}) lead(measured, name).t = -0.3;
  EXPECT_THAT(found(measured), ElementsAre("t-inversion-lateral"));
  measured.intervals.qrs = 0.15;
  lead(measured, "V1").qrs.s = -1.5;
  lead(measured, "V6").qrs.r_peak_time = 0.08;
  EXPECT_THAT(found(measured), ElementsAre("lbbb"));
}

TEST(Criteria, OfAThreatenedAnteriorWall) {
  signal::EcgMeasurements upsloping = normal();
  for (const char* name : {"V2", "V3", "V4"}) {
    lead(upsloping, name).j = -0.15;
    lead(upsloping, name).t = 0.9;
  }
  EXPECT_THAT(found(upsloping), Not(Contains("de-winter"))) << "without ST elevation in aVR";
  lead(upsloping, "aVR").j = 0.08;
  EXPECT_THAT(found(upsloping), Contains("de-winter"));
  signal::EcgMeasurements inverted = normal();
  lead(inverted, "V2").t = -0.3;
  lead(inverted, "V3").t = -0.5;
  EXPECT_THAT(found(inverted), ElementsAre("t-inversion-anterior", "wellens"));
  lead(inverted, "V3").qrs.q = -0.3;
  lead(inverted, "V3").qrs.q_duration = 0.03;
  EXPECT_THAT(found(inverted), Not(Contains("wellens"))) << "with a Q wave in one of the leads";
  lead(inverted, "V3").qrs.q = 0;
  lead(inverted, "V2").j = 0.3;
  EXPECT_THAT(found(inverted), Not(Contains("wellens"))) << "with ST elevation";
}

TEST(Criteria, NameTheVoltagesOfHypertrophy) {
  signal::EcgMeasurements measured = normal();
  lead(measured, "V1").qrs.s = -1.6;
  lead(measured, "V5").qrs.r = 2.2;
  static const CriteriaTable table = CriteriaTable::load();
  const auto statements = table.find(measured, kRr, {});
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].statement->id, "lvh");
  ASSERT_EQ(statements[0].criteria.size(), 1u);
  EXPECT_EQ(statements[0].criteria[0].criterion->alternative, "Sokolow-Lyon");
  EXPECT_NEAR(statements[0].criteria[0].value, 3.8, 1e-9);
}

TEST(Criteria, OfTheQtTimeDependOnSex) {
  signal::EcgMeasurements measured = normal();
  measured.intervals.qt = 0.455;
  EXPECT_THAT(found(measured, {"male", 50}), Contains("long-qt"));
  EXPECT_THAT(found(measured, {"female", 50}), Not(Contains("long-qt")));
}

TEST(Criteria, HintAtHyperkalaemiaByTallNarrowTWaves) {
  signal::EcgMeasurements measured = normal();
  measured.intervals.t = 0.18;
  lead(measured, "V3").t = 1.2;
  EXPECT_THAT(found(measured), Not(Contains("hyperkalaemia")));
  lead(measured, "V3").t = 1.4;
  EXPECT_THAT(found(measured), ElementsAre("hyperkalaemia"));
  measured.intervals.t = 0.26;
  EXPECT_THAT(found(measured), IsEmpty()) << "a tall and wide T wave may be the patient's own";
  lead(measured, "II").t = 0.6;
  measured.intervals.qrs = 0.13;
  EXPECT_THAT(found(measured), Contains("hyperkalaemia")) << "with a wide QRS complex";
}

TEST(Criteria, HintAtHypokalaemiaByUWavesAndSt) {
  signal::EcgMeasurements measured = normal();
  lead(measured, "V3").u = 0.15;
  lead(measured, "V3").t = 0.1;
  EXPECT_THAT(found(measured), IsEmpty()) << "without ST depression";
  lead(measured, "V2").st60 = -0.06;
  EXPECT_THAT(found(measured), ElementsAre("hypokalaemia"));
  lead(measured, "V3").t = 0.3;
  EXPECT_THAT(found(measured), IsEmpty()) << "where T is higher than U";
}

TEST(Criteria, HintAtCalciumByTheStSegment) {
  signal::EcgMeasurements high = normal();
  high.intervals.q_to_t_onset = 0.16;
  high.intervals.q_to_t_peak = 0.26;
  high.intervals.qt = 0.36;
  EXPECT_THAT(found(high), ElementsAre("hypercalcaemia"));
  high.intervals.q_to_t_peak = 0.31;
  EXPECT_THAT(found(high), IsEmpty());
  signal::EcgMeasurements low = normal();
  low.intervals.qt = 0.49;
  low.intervals.st = 0.2;
  low.intervals.t = 0.19;
  EXPECT_THAT(found(low), ElementsAre("long-qt", "hypocalcaemia"));
  low.intervals.st = 0.1;
  EXPECT_THAT(found(low), ElementsAre("long-qt")) << "by a wide T wave: not of calcium";
}

TEST(Criteria, OfElectrolytesAreMeasuredButNotSaid) {
  static const Models models = Models::load();
  static const Judges judges = Judges::load();
  Analysis analysis;
  analysis.measured = normal();
  lead(*analysis.measured, "V3").t = 1.4;
  analysis.measured->intervals.t = 0.18;
  analysis.measured->intervals.pr = 0.22;
  analysis.rr.mean = kRr;
  for (const auto& one : analysis.measured->leads)
    analysis.quality.push_back({one.lead, std::vector(10, signal::Quality::good)});
  EXPECT_THAT(found(*analysis.measured), ElementsAre("av-block-1", "hyperkalaemia"));
  const Judgement judgement = judge(analysis, models, judges, {});
  ASSERT_EQ(judgement.statements.size(), 1u);
  EXPECT_EQ(judgement.statements[0].statement->id, "av-block-1");
}

TEST(Criteria, NameWhatTheyAreNotWith) {
  // Every name in the table is one of its statements, in both languages.
  signal::EcgMeasurements measured = normal();
  measured.intervals.pr = 0.24;
  static const CriteriaTable table = CriteriaTable::load();
  const auto statements = table.find(measured, kRr, {});
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].statement->name.en, "First degree AV block");
  EXPECT_EQ(statements[0].statement->name.zh, "一度房室传导阻滞");
}

TEST(Quantity, OfSeveralLeadsIsTheFarthest) {
  signal::EcgMeasurements measured = normal();
  lead(measured, "V5").qrs.r = 1.5;
  EXPECT_EQ(quantity_of("r:V5/V6", measured, kRr, true), 1.5);
  EXPECT_EQ(quantity_of("r:V5/V6", measured, kRr, false), 0.6);
  EXPECT_EQ(quantity_of("qtc_ms", measured, kRr, true), 400);
  measured.intervals.pr.reset();
  EXPECT_EQ(quantity_of("pr_ms", measured, kRr, true), std::nullopt);
  lead(measured, "V5").u = 0.1;
  EXPECT_NEAR(quantity_of("u_over_t:V5", measured, kRr, true).value(), 0.5, 1e-9);
  EXPECT_EQ(unit_of("u_over_t:V5"), "1");
  EXPECT_EQ(quantity_of("st_ms", measured, kRr, true), std::nullopt) << "not measured";
  EXPECT_THROW(quantity_of("height:V5", measured, kRr, true), Error);
  EXPECT_EQ(unit_of("r_peak_ms:V5"), "ms");
  EXPECT_EQ(unit_of("r:aVL+s_depth:V3"), "mV");
}

}  // namespace
}  // namespace meridian::assistants::ecg
