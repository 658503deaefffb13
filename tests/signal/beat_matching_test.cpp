#include "signal/beat_matching.h"

#include <gtest/gtest.h>

namespace meridian::signal {
namespace {

using Beats = std::vector<std::int64_t>;

TEST(BeatMatching, PairsWithinTheWindowOnly) {
  const BeatMatches matches = match_beats(Beats{100, 400, 700}, Beats{154, 455, 700}, 54);
  EXPECT_EQ(matches.true_positives, 2u);
  EXPECT_EQ(matches.false_negatives, 1u);
  EXPECT_EQ(matches.false_positives, 1u);
  EXPECT_DOUBLE_EQ(matches.sensitivity(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(matches.positive_predictive_value(), 2.0 / 3);
}

TEST(BeatMatching, GivesABeatToItsNearestNeighbour) {
  const BeatMatches matches = match_beats(Beats{100}, Beats{60, 95, 130}, 54);
  ASSERT_EQ(matches.true_positives, 1u);
  EXPECT_EQ(matches.false_positives, 2u);
  EXPECT_EQ(matches.pairs[1].second, 1u);
}

TEST(BeatMatching, DoesNotCountWithinExcludedRanges) {
  const SampleRange flutter[] = {{300, 600}};
  const BeatMatches matches = match_beats(Beats{100, 400}, Beats{100, 350, 500, 900}, 54, flutter);
  EXPECT_EQ(matches.true_positives, 1u);
  EXPECT_EQ(matches.false_negatives, 0u);
  EXPECT_EQ(matches.false_positives, 1u);
}

TEST(BeatMatching, OfNothingIsPerfect) {
  const BeatMatches matches = match_beats(Beats{}, Beats{}, 54);
  EXPECT_DOUBLE_EQ(matches.sensitivity(), 1);
  EXPECT_DOUBLE_EQ(matches.positive_predictive_value(), 1);
  EXPECT_EQ(match_beats(Beats{1, 2}, Beats{}, 54).false_negatives, 2u);
  EXPECT_EQ(match_beats(Beats{}, Beats{1, 2}, 54).false_positives, 2u);
}

}  // namespace
}  // namespace meridian::signal
