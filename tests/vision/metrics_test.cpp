#include "vision/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "vision/split.h"

namespace meridian::vision {
namespace {

TEST(RocAuc, IsTheShareOfPairsInOrder) {
  const std::vector<double> positives{0.9, 0.8, 0.4}, negatives{0.5, 0.3};
  EXPECT_NEAR(roc_auc(positives, negatives).value, 5.0 / 6, 1e-12);
  EXPECT_NEAR(roc_auc(negatives, positives).value, 1.0 / 6, 1e-12);
}

TEST(RocAuc, CountsTiesHalf) {
  const std::vector<double> same{0.5, 0.5};
  EXPECT_EQ(roc_auc(same, same).value, 0.5);
}

// Placements by hand: positives 1, 1, 0.5 (variance 1/12), negatives 2/3, 1 (variance 1/18).
TEST(RocAuc, HasDeLongsInterval) {
  const std::vector<double> positives{0.9, 0.8, 0.4}, negatives{0.5, 0.3};
  const Interval interval = roc_auc(positives, negatives);
  const double half = 1.959964 * std::sqrt(1.0 / 12 / 3 + 1.0 / 18 / 2);
  EXPECT_NEAR(interval.low, 5.0 / 6 - half, 1e-9);
  EXPECT_EQ(interval.high, 1);
}

TEST(RocAuc, NeedsBothClasses) {
  const std::vector<double> some{0.5};
  EXPECT_THROW(roc_auc(some, {}), Error);
  EXPECT_THROW(roc_auc({}, some), Error);
  EXPECT_EQ(roc_auc(some, some).low, 0);
}

// Newcombe 1998 (Stat Med 17: 857-872), table I: 81 of 263, Wilson's interval 0.2553 to 0.3662.
TEST(Proportion, HasWilsonsInterval) {
  const Interval interval = proportion(81, 263);
  EXPECT_NEAR(interval.low, 0.2553, 5e-5);
  EXPECT_NEAR(interval.high, 0.3662, 5e-5);
}

TEST(Proportion, RefusesImpossibleCounts) {
  EXPECT_THROW(proportion(0, 0), Error);
  EXPECT_THROW(proportion(3, 2), Error);
  EXPECT_THROW(proportion(-1, 2), Error);
}

TEST(CalibrationError, IsZeroWhenWhatIsSaidHolds) {
  EXPECT_EQ(calibration_error(std::vector<double>{1, 1}, std::vector<double>{0, 0}), 0);
  EXPECT_NEAR(calibration_error(std::vector<double>{0.7}, std::vector<double>{0.7}), 0.5, 1e-12);
  EXPECT_THROW(calibration_error({}, {}), Error);
}

// From training/common/split.py.
TEST(Split, AgreesWithTheTrainingScripts) {
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0001"), Part::test);
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0002"), Part::train);
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0003"), Part::test);
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0004"), Part::train);
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0010"), Part::validation);
  EXPECT_EQ(part_of("shenzhen_tb", "CHNCXR_0011"), Part::validation);
}

TEST(RocAucGain, IsTheDifferenceOfTheAreas) {
  const std::vector<double> sick{0.9, 0.8, 0.4, 0.7}, well{0.1, 0.3, 0.5, 0.2};
  const std::vector<double> other_sick{0.9, 0.2, 0.4, 0.7}, other_well{0.1, 0.3, 0.8, 0.2};
  const Interval gain = roc_auc_gain(sick, well, other_sick, other_well);
  EXPECT_NEAR(gain.value, roc_auc(sick, well).value - roc_auc(other_sick, other_well).value, 1e-12);
  EXPECT_LT(gain.low, gain.value);
  EXPECT_GT(gain.high, gain.value);
  const Interval none = roc_auc_gain(sick, well, sick, well);
  EXPECT_EQ(none.value, 0);
  EXPECT_EQ(none.low, 0);
  EXPECT_EQ(none.high, 0);
  EXPECT_THROW(roc_auc_gain(sick, well, other_sick, {}), Error);
}

TEST(GroupedMean, IsAsUncertainAsItsGroupsAreFew) {
  std::vector<double> values;
  std::vector<std::string> each, two;
  for (int i = 0; i < 100; ++i) {
    values.push_back(i % 2);
    each.push_back(std::to_string(i));
    two.push_back(i % 2 ? "odd" : "even");
  }
  const Interval apart = grouped_mean(values, each), together = grouped_mean(values, two);
  EXPECT_EQ(apart.value, 0.5);
  EXPECT_NEAR(apart.low, 0.40, 0.02);
  EXPECT_NEAR(apart.high, 0.60, 0.02);
  EXPECT_EQ(together.low, 0);
  EXPECT_EQ(together.high, 1);
  EXPECT_THROW(grouped_mean({}, {}), Error);
}

}  // namespace
}  // namespace meridian::vision
