#include "assistants/ecg/ectopy.h"

#include <gtest/gtest.h>

namespace meridian::assistants::ecg {
namespace {

TEST(EcgEctopy, CountsNothingInNormalBeats) {
  for (const char* classes : {"", "N", "NNNNNNNN"}) {
    const auto [ventricular, supraventricular] = find_ectopy(classes);
    for (const EctopicBeats& found : {ventricular, supraventricular})
      EXPECT_EQ(found.beats + found.couplets + found.runs + found.bigeminy + found.trigeminy, 0u) << classes;
  }
}

TEST(EcgEctopy, TellsSingleBeatsCoupletsAndRunsApart) {
  const Ectopy ectopy = find_ectopy("NVNNVVNNVVVNSNVVVVVSS");
  EXPECT_EQ(ectopy.ventricular.beats, 11u);
  EXPECT_EQ(ectopy.ventricular.couplets, 1u);
  EXPECT_EQ(ectopy.ventricular.runs, 2u);
  EXPECT_EQ(ectopy.ventricular.longest_run, 5u);
  EXPECT_EQ(ectopy.supraventricular.beats, 3u);
  EXPECT_EQ(ectopy.supraventricular.couplets, 1u);
  EXPECT_EQ(ectopy.supraventricular.runs, 0u);
}

TEST(EcgEctopy, NeedsThreePairsForBigeminy) {
  EXPECT_EQ(find_ectopy("NNNVNVNN").ventricular.bigeminy, 0u);
  EXPECT_EQ(find_ectopy("NNNVNVNVNN").ventricular.bigeminy, 1u);
  EXPECT_EQ(find_ectopy("NVNVNVNNNNVNVNVNV").ventricular.bigeminy, 2u);
  EXPECT_EQ(find_ectopy("NVNVNVNNNNSNSNSN").supraventricular.bigeminy, 1u);
}

TEST(EcgEctopy, NeedsThreeGroupsForTrigeminy) {
  EXPECT_EQ(find_ectopy("NNSNNSNNS").supraventricular.trigeminy, 1u);
  EXPECT_EQ(find_ectopy("NNSNNSN").supraventricular.trigeminy, 0u);
  EXPECT_EQ(find_ectopy("NSNSNS").supraventricular.trigeminy, 0u);
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
