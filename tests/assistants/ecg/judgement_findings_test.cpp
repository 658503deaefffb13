#include "assistants/ecg/judgement_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "assistants/ecg/assistant.h"
#include "signal/synthetic_ecg.h"

namespace meridian::assistants::ecg {
namespace {

using testing::HasSubstr;
using testing::Not;

const engine::Finding& find(const std::vector<engine::Finding>& findings, const std::string& code) {
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const auto& finding) { return finding.code.code == code; });
  if (found == findings.end()) throw std::out_of_range(code);
  return *found;
}

std::size_t count_of(const std::vector<engine::Finding>& findings, const std::string& beginning) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.code.code.starts_with(beginning);
  }));
}

const Statement kQWaves{"q-inferior", "MI", engine::Urgency::routine,
                        {},           {},   {"Pathological Q waves", "病理性Q波"}};
const Criterion kDeepQ{"q-inferior", "1", 1, "q_depth30:III", ">=", 0.1, "", {}, {}, "Thygesen 2018"};

TEST(JudgementFindings, NameTheRhythmThatExceedsItsThresholdMost) {
  Judgement judgement;
  judgement.rhythm = {{"N", 0.6, 0.5}, {"A", 0.3, 0.2}, {"O", 0.1, 0.3}, {"~", 0, 0.3}};
  const auto findings = judgement_findings(judgement);
  EXPECT_EQ(findings.size(), 4u);
  EXPECT_FALSE(find(findings, "rhythm-normal").positive);
  EXPECT_TRUE(find(findings, "rhythm-fibrillation").positive);
  EXPECT_EQ(find(findings, "rhythm-normal").probability, 0.6);
}

TEST(JudgementFindings, SayWhereTheModelsDisagreeAboutFibrillation) {
  Judgement judgement;
  judgement.rhythm = {{"N", 0.1, 0.5}, {"A", 0.6, 0.5}};
  for (const auto& [fibrillation, disagrees] : {std::pair{true, false}, std::pair{false, true}}) {
    judgement.fibrillation = fibrillation;
    const auto findings = judgement_findings(judgement);
    EXPECT_EQ(find(findings, "rhythm-fibrillation").text.en.find("disagrees") != std::string::npos,
              disagrees);
    EXPECT_EQ(find(findings, "rhythm-normal").text.en.find("disagrees"), std::string::npos);
  }
}

TEST(JudgementFindings, SayWhereModelAndCriteriaDisagree) {
  Judgement judgement;
  judgement.twelve_leads = {{"MI", 0.7, 0.4}};
  EXPECT_THAT(find(judgement_findings(judgement), "diagnostic-infarction").text.en,
              HasSubstr("The measured criteria do not show it"));
  judgement.statements = {{&kQWaves, {{&kDeepQ, 0.25}}}};
  EXPECT_THAT(find(judgement_findings(judgement), "diagnostic-infarction").text.en,
              Not(HasSubstr("criteria")));
  judgement.twelve_leads = {{"MI", 0.1, 0.4}};
  const engine::Finding infarction = find(judgement_findings(judgement), "diagnostic-infarction");
  EXPECT_FALSE(infarction.positive);
  EXPECT_THAT(infarction.text.en, HasSubstr("disagree: Pathological Q waves"));
  EXPECT_THAT(infarction.text.zh, HasSubstr("病理性Q波"));
}

TEST(JudgementFindings, GiveLeadsAndMillivoltsOfAStatement) {
  Judgement judgement;
  judgement.statements = {{&kQWaves, {{&kDeepQ, 0.25}}}};
  const auto findings = judgement_findings(judgement);
  const engine::Finding& q = find(findings, "q-inferior");
  EXPECT_EQ(q.text.en, "Pathological Q waves: III Q 0.25 mV.");
  EXPECT_EQ(q.text.zh, "病理性Q波：III Q 0.25 mV。");
  const Json& rule = q.evidence.get("rules").items().at(0);
  EXPECT_EQ(rule.get("value").as_double(), 0.25);
  EXPECT_EQ(rule.get("limit").as_double(), 0.1);
  EXPECT_THAT(rule.text("name"), HasSubstr("Thygesen"));
}

TEST(JudgementFindings, NameWhatWasMeasuredInChineseToo) {
  const Criterion axis{"left-axis", "1", 1, "axis_deg", "<", -30, "", {}, {}, "Surawicz 2009"};
  const Criterion peak{"lbbb", "1", 1, "r_peak_ms:V6", ">=", 60, "", {}, {}, "Surawicz 2009"};
  Judgement judgement;
  judgement.statements = {{&kQWaves, {{&axis, -45}, {&peak, 70}}}};
  const engine::Finding found = find(judgement_findings(judgement), "q-inferior");
  EXPECT_THAT(found.text.en, HasSubstr("axis -45 °, V6 R peak time 70 ms"));
  EXPECT_THAT(found.text.zh, HasSubstr("电轴 -45 °、V6 R峰时间 70 ms"));
  EXPECT_THAT(found.evidence.get("rules").items().at(0).text("name_zh"), HasSubstr("电轴"));
}

engine::Reading read(signal::Recording recording) {
  static const std::unique_ptr<engine::Assistant> assistant = make_assistant();
  engine::Input input;
  input.recording = std::move(recording);
  return assistant->run(input);
}

TEST(JudgementFindings, HoldAllClassesOfAShortTwelveLeadEcg) {
  const auto findings = read(signal::make_ecg({.seconds = 10})).findings;
  EXPECT_EQ(count_of(findings, "rhythm-"), 4u);
  EXPECT_EQ(count_of(findings, "diagnostic-"), 5u);
  for (const engine::Finding& finding : findings) {
    EXPECT_FALSE(finding.text.en.empty() || finding.text.zh.empty());
    if (!finding.probability) continue;
    EXPECT_GE(*finding.probability, 0);
    EXPECT_LE(*finding.probability, 1);
  }
}

TEST(JudgementFindings, OfOneLeadAreItsRhythmOnly) {
  signal::Recording recording = signal::make_ecg({.seconds = 30});
  recording.leads.resize(1);
  const auto findings = read(std::move(recording)).findings;
  EXPECT_EQ(count_of(findings, "rhythm-"), 4u);
  EXPECT_EQ(count_of(findings, "diagnostic-"), 0u);
}

const engine::Finding* search(const engine::Reading& reading, const std::string& code) {
  for (const engine::Finding& finding : reading.findings)
    if (finding.code.code == code) return &finding;
  return nullptr;
}

bool says_a_class(const engine::Reading& reading) {
  return std::any_of(reading.findings.begin(), reading.findings.end(), [](const engine::Finding& finding) {
    return finding.code.code.starts_with("diagnostic-") && finding.positive;
  });
}

signal::Lead& lead(signal::Recording& recording, std::string_view name) {
  return *std::find_if(recording.leads.begin(), recording.leads.end(),
                       [&](const signal::Lead& one) { return one.name == name; });
}

TEST(JudgementFindings, SayWhatIsNotJudgedWithoutALead) {
  signal::Recording recording = signal::make_ecg({.seconds = 10});
  std::fill(lead(recording, "V2").samples.begin(), lead(recording, "V2").samples.end(), 0.0f);
  const engine::Reading reading = read(recording);
  const engine::Finding* finding = search(reading, "leads-not-judged");
  ASSERT_NE(finding, nullptr);
  EXPECT_TRUE(finding->positive);
  EXPECT_THAT(finding->text.en, HasSubstr("V2 flat"));
  EXPECT_THAT(finding->text.en, HasSubstr("ST elevation in anterior leads"));
  EXPECT_THAT(finding->text.en, HasSubstr("the five diagnostic classes"));
  EXPECT_THAT(finding->text.en, Not(HasSubstr("inferior")));
  EXPECT_EQ(search(read(signal::make_ecg({.seconds = 10})), "leads-not-judged"), nullptr);
}

TEST(JudgementFindings, OfTheOtherLeadsStandWithoutOne) {
  const auto statements = [](signal::Recording recording) {
    std::vector<std::string> codes;
    for (const engine::Finding& finding : read(std::move(recording)).findings)
      if (finding.code.code.starts_with("st-")) codes.push_back(finding.code.code);
    return codes;
  };
  signal::Recording recording = signal::make_ecg({.seconds = 10, .st_shift = 0.4});
  const auto all = statements(recording);
  EXPECT_THAT(all, testing::Contains("st-elevation-anterior"));
  std::fill(lead(recording, "V1").samples.begin(), lead(recording, "V1").samples.end(), 0.0f);
  EXPECT_THAT(statements(recording), testing::Contains("st-elevation-anterior"));
}

TEST(JudgementFindings, RestOnNoNoisyLead) {
  signal::Recording recording = signal::make_ecg({.seconds = 10});
  std::mt19937 random(2);
  std::normal_distribution<float> noise(0, 1.5f);
  for (const char* name : {"V2", "V3"})
    for (float& x : lead(recording, name).samples) x += noise(random);
  const engine::Reading reading = read(recording);
  const engine::Finding* finding = search(reading, "leads-not-judged");
  ASSERT_NE(finding, nullptr);
  EXPECT_THAT(finding->text.en, HasSubstr("V2 noisy, V3 noisy"));
  EXPECT_FALSE(says_a_class(reading));
  for (const char* code : {"lvh", "hypokalaemia", "rbbb", "st-elevation-anterior", "wellens"})
    EXPECT_EQ(search(reading, code), nullptr) << code;
}

TEST(JudgementFindings, OfPacedBeatsAreWithheld) {
  const engine::Reading reading = read(signal::make_ecg({.seconds = 10, .paced = true}));
  ASSERT_NE(search(reading, "Z95.0"), nullptr);
  EXPECT_FALSE(says_a_class(reading));
  EXPECT_EQ(count_of(reading.findings, "diagnostic-"), 5u) << "with their probabilities";
  EXPECT_THAT(search(reading, "diagnostic-conduction")->text.en, HasSubstr("paced"));
  for (const char* code : {"lbbb", "wide-qrs", "pre-excitation", "long-qt", "st-depression-lateral"})
    EXPECT_EQ(search(reading, code), nullptr) << code;
}

TEST(JudgementFindings, RestOnNoLeadOfExchangedElectrodes) {
  const signal::Recording of = signal::make_ecg({.seconds = 10});
  signal::Recording swapped = of;
  for (float& x : lead(swapped, "I").samples) x = -x;
  signal::Recording copy = of;
  lead(swapped, "II").samples = lead(copy, "III").samples;
  lead(swapped, "III").samples = lead(copy, "II").samples;
  lead(swapped, "aVR").samples = lead(copy, "aVL").samples;
  lead(swapped, "aVL").samples = lead(copy, "aVR").samples;
  const engine::Reading reading = read(swapped);
  const engine::Finding* finding = search(reading, "arm-reversal");
  ASSERT_NE(finding, nullptr);
  EXPECT_THAT(finding->text.en, HasSubstr("record again"));
  EXPECT_THAT(finding->text.en, HasSubstr("Not judged: "));
  EXPECT_FALSE(says_a_class(reading));
  for (const char* code : {"t-inversion-lateral", "q-lateral", "lpfb"})
    EXPECT_EQ(search(reading, code), nullptr) << code;
}

TEST(JudgementFindings, OfALongRecordingAreNone) {
  const auto findings = read(signal::make_ecg({.seconds = 90})).findings;
  EXPECT_EQ(count_of(findings, "rhythm-"), 0u);
}

}  // namespace
}  // namespace meridian::assistants::ecg
