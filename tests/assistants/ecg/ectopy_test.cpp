#include "assistants/ecg/ectopy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "assistants/ecg/ectopy_findings.h"

namespace meridian::assistants::ecg {
namespace {

// Beats half a second apart, unless told otherwise.
Ectopy find(std::string_view classes, std::int64_t interval = 125) {
  std::vector<std::int64_t> beats;
  for (std::size_t i = 0; i < classes.size(); ++i) beats.push_back(static_cast<std::int64_t>(i) * interval);
  return find_ectopy(classes, beats, 250);
}

TEST(EcgEctopy, CountsNothingInNormalBeats) {
  for (const char* classes : {"", "N", "NNNNNNNN"}) {
    const auto [ventricular, supraventricular] = find(classes);
    for (const EctopicBeats& found : {ventricular, supraventricular})
      EXPECT_EQ(found.beats + found.couplets.size() + found.runs.size() + found.bigeminy.size() +
                    found.trigeminy.size(),
                0u)
          << classes;
  }
}

TEST(EcgEctopy, TellsSingleBeatsCoupletsAndRunsApart) {
  const Ectopy ectopy = find("NVNNVVNNVVVNSNVVVVVSS");
  EXPECT_EQ(ectopy.ventricular.beats, 11u);
  EXPECT_EQ(ectopy.ventricular.couplets.size(), 1u);
  EXPECT_EQ(ectopy.ventricular.runs.size(), 2u);
  EXPECT_EQ(ectopy.ventricular.runs.back().beats(), 5u);
  EXPECT_EQ(ectopy.supraventricular.beats, 3u);
  EXPECT_EQ(ectopy.supraventricular.couplets.size(), 1u);
  EXPECT_EQ(ectopy.supraventricular.runs.size(), 0u);
}

TEST(EcgEctopy, CallsOnlyFastRunsTachycardia) {
  const EctopicBeats slow = find("NNVVVVVVNN", 214).ventricular;
  EXPECT_TRUE(slow.runs.empty()) << "70 a minute";
  ASSERT_EQ(slow.slow_runs.size(), 1u);
  EXPECT_EQ(slow.slow_runs[0].first, 2u);
  EXPECT_EQ(slow.slow_runs[0].last, 7u);
  EXPECT_EQ(find("NNVVVVVVNN", 149).ventricular.runs.size(), 1u) << "just above 100 a minute";
  // A slow rhythm that becomes fast: the fast part counts.
  const std::vector<std::int64_t> beats{0, 250, 500, 750, 850, 950, 1050, 1300};
  const EctopicBeats faster = find_ectopy("NVVVVVVN", beats, 250).ventricular;
  ASSERT_EQ(faster.runs.size(), 1u);
  EXPECT_EQ(faster.runs[0].first, 3u);
  EXPECT_EQ(faster.runs[0].last, 6u);
  EXPECT_TRUE(faster.slow_runs.empty());
}

TEST(EcgEctopy, ShowsTheLongestOfMoreRunsThanItShows) {
  Analysis analysis;
  for (int run = 0; run < 250; ++run) analysis.classes += "NNNVVV";
  analysis.classes += "NNNVVVVVVVVVV";
  for (std::size_t i = 0; i < analysis.classes.size(); ++i)
    analysis.beats.push_back(static_cast<std::int64_t>(i) * 100);
  analysis.ectopy = find_ectopy(analysis.classes, analysis.beats, 250);
  const std::vector<engine::Finding> findings = ectopy_findings(analysis, 250);
  const auto tachycardia = std::ranges::find_if(
      findings, [](const engine::Finding& finding) { return finding.code.code == "I47.2"; });
  ASSERT_NE(tachycardia, findings.end());
  const Json::Array& shown = tachycardia->evidence.get("intervals").items();
  ASSERT_EQ(shown.size(), 200u);
  EXPECT_LT(shown.front().get("from").as_double(), 3) << "in their order";
  EXPECT_NEAR(shown.back().get("to").as_double() - shown.back().get("from").as_double(), 4, 0.01);
}

TEST(EcgEctopy, NeedsThreePairsForBigeminy) {
  EXPECT_EQ(find("NNNVNVNN").ventricular.bigeminy.size(), 0u);
  EXPECT_EQ(find("NNNVNVNVNN").ventricular.bigeminy.size(), 1u);
  EXPECT_EQ(find("NVNVNVNNNNVNVNVNV").ventricular.bigeminy.size(), 2u);
  EXPECT_EQ(find("NVNVNVNNNNSNSNSN").supraventricular.bigeminy.size(), 1u);
}

TEST(EcgEctopy, NeedsThreeGroupsForTrigeminy) {
  EXPECT_EQ(find("NNSNNSNNS").supraventricular.trigeminy.size(), 1u);
  EXPECT_EQ(find("NNSNNSN").supraventricular.trigeminy.size(), 0u);
  EXPECT_EQ(find("NSNSNS").supraventricular.trigeminy.size(), 0u);
}

TEST(EcgEctopy, FindsVentricularBeatsOnTheTWaveOfANormalOne) {
  const std::vector<std::int64_t> beats{0, 250, 340, 600, 710, 960, 1060};
  const auto qt = [](std::int64_t) { return 0.4; };
  const auto found = find_r_on_t(beats, "NNVNVNS", 250, qt);
  ASSERT_EQ(found.size(), 1u) << "440 ms after the beat before is behind its T wave, S is none";
  EXPECT_EQ(found[0].sample, 340);
  EXPECT_NEAR(found[0].coupling, 0.36, 1e-9);
  EXPECT_TRUE(find_r_on_t(beats, "NVVNNNN", 250, [](std::int64_t) { return 0.0; }).empty())
      << "without a QT interval none is said";
  EXPECT_TRUE(find_r_on_t(beats, "", 250, qt).empty());
}

}  // namespace
}  // namespace meridian::assistants::ecg
