#include "signal/av_conduction.h"

#include <gtest/gtest.h>

#include "signal/atrial_waves.h"
#include "signal/qrs_detector.h"
#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

std::optional<AvConduction> conduction_of(const SyntheticEcg& options) {
  const Recording recording = make_ecg(options);
  const Delineation waves = delineate(recording, detect_qrs(recording));
  const auto atria = follow_atria(recording, waves);
  if (!atria) return std::nullopt;
  std::vector<double> onsets;
  for (const BeatWaves& beat : waves.global.beats)
    onsets.push_back(static_cast<double>(beat.qrs.onset) / recording.sampling_frequency);
  return av_conduction(*atria, onsets);
}

TEST(AvConduction, IsBlockedInNoSinusRhythm) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    for (const double rate : {45.0, 70.0, 110.0}) {
      EXPECT_FALSE(conduction_of({.seed = seed, .seconds = 20, .heart_rate = rate})) << seed << " " << rate;
      EXPECT_FALSE(conduction_of({.seed = seed, .seconds = 10, .heart_rate = rate, .noise = 0.03}));
    }
}

TEST(AvConduction, FindsTwoToOne) {
  const auto found =
      conduction_of({.seconds = 20, .heart_rate = 84, .conduction = SyntheticConduction::two_to_one});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->block, AvBlock::two_to_one);
  EXPECT_NEAR(found->atrial_rate, 84, 4);
  EXPECT_NEAR(found->ventricular_rate, 42, 2);
  EXPECT_GE(found->blocked.size(), 10u);
}

TEST(AvConduction, FindsWenckebach) {
  const auto found =
      conduction_of({.seconds = 30, .heart_rate = 75, .conduction = SyntheticConduction::wenckebach});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->block, AvBlock::wenckebach);
  EXPECT_GT(found->longest_pr - found->shortest_pr, 0.1);
}

TEST(AvConduction, FindsMobitz) {
  const auto found =
      conduction_of({.seconds = 30, .heart_rate = 75, .conduction = SyntheticConduction::mobitz});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->block, AvBlock::mobitz);
  EXPECT_LT(found->longest_pr - found->shortest_pr, 0.04);
}

TEST(AvConduction, FindsCompleteBlock) {
  const auto found =
      conduction_of({.seconds = 20, .heart_rate = 85, .conduction = SyntheticConduction::complete});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->block, AvBlock::complete);
  EXPECT_NEAR(found->atrial_rate, 85, 5);
  EXPECT_NEAR(found->ventricular_rate, 38, 2);
}

TEST(AvConduction, OfFewBeatsIsNotJudged) {
  EXPECT_FALSE(
      av_conduction({{{0.5, true, true, {0.1F}}, {1.2, true, true, {0.1F}}}, 0.7, 1}, std::vector{0.7, 1.4}));
}

}  // namespace
}  // namespace meridian::signal
