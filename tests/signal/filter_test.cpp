#include "signal/filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "signal/gaps.h"
#include "signal/resample.h"

namespace meridian::signal {
namespace {

std::vector<float> sine(double frequency, double sampling_frequency, std::size_t count) {
  std::vector<float> samples(count);
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = static_cast<float>(
        std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / sampling_frequency));
  return samples;
}

float peak(const std::vector<float>& samples) {
  float highest = 0;
  for (std::size_t i = samples.size() / 4; i < samples.size() * 3 / 4; ++i)
    highest = std::max(highest, std::fabs(samples[i]));
  return highest;
}

TEST(Filter, PassesAndStopsWhereItShould) {
  std::vector<float> low = sine(1, 500, 5000), high = sine(100, 500, 5000);
  filter_zero_phase(low, low_pass(20, 500));
  filter_zero_phase(high, low_pass(20, 500));
  EXPECT_NEAR(peak(low), 1, 0.01);
  EXPECT_LT(peak(high), 0.01);
  low = sine(1, 500, 5000);
  high = sine(100, 500, 5000);
  filter_zero_phase(low, high_pass(20, 500));
  filter_zero_phase(high, high_pass(20, 500));
  EXPECT_LT(peak(low), 0.01);
  EXPECT_NEAR(peak(high), peak(sine(100, 500, 5000)), 0.01);
}

TEST(Filter, TakesOutTheMainsAndNothingBesides) {
  std::vector<float> mains = sine(50, 500, 5000), beside = sine(10, 500, 5000);
  filter_zero_phase(mains, notch(50, 10, 500));
  filter_zero_phase(beside, notch(50, 10, 500));
  EXPECT_LT(peak(mains), 0.02);
  EXPECT_NEAR(peak(beside), 1, 0.01);
}

TEST(Filter, HalvesThePowerTwiceAtItsCutOff) {
  std::vector<float> samples = sine(20, 500, 5000);
  filter_zero_phase(samples, low_pass(20, 500));
  EXPECT_NEAR(peak(samples), 0.5, 0.02) << "-3 dB forward and -3 dB backward";
}

TEST(Filter, LeavesConstantsAndShortSignalsInPeace) {
  std::vector<float> constant(50, 2.5f), one{1.0f}, none;
  filter_zero_phase(constant, low_pass(10, 500));
  for (const float x : constant) EXPECT_NEAR(x, 2.5f, 1e-4);
  filter_zero_phase(one, low_pass(10, 500));
  EXPECT_NEAR(one[0], 1, 1e-4);
  filter_zero_phase(none, low_pass(10, 500));
}

TEST(MovingAverage, ShrinksAtTheEnds) {
  const std::vector<float> samples{1, 2, 3, 4, 5};
  EXPECT_EQ(moving_average(samples, 3), (std::vector<float>{1.5f, 2, 3, 4, 4.5f}));
  EXPECT_EQ(moving_average(samples, 0), samples);
}

TEST(Gaps, AreFilledByAStraightLine) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> samples{nan, 1, nan, nan, 4, std::numeric_limits<float>::infinity()};
  EXPECT_EQ(fill_gaps(samples), 4u);
  EXPECT_EQ(samples, (std::vector<float>{1, 1, 2, 3, 4, 4}));
  std::vector<float> nothing(3, nan);
  EXPECT_EQ(fill_gaps(nothing), 3u);
  EXPECT_EQ(nothing, (std::vector<float>{0, 0, 0}));
}

TEST(Resample, KeepsWhatTheNewRateCanHoldAndGaps) {
  std::vector<float> samples = sine(5, 1000, 4000);
  samples[2000] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> thinned = decimate(samples, 4);
  ASSERT_EQ(thinned.size(), 1000u);
  EXPECT_TRUE(std::isnan(thinned[500]));
  const std::vector<float> expected = sine(5, 250, 1000);
  for (std::size_t i = 100; i < 400; ++i) EXPECT_NEAR(thinned[i], expected[i], 0.01);
  const std::vector<float> folded = decimate(sine(240, 1000, 4000), 4);
  EXPECT_LT(peak(folded), 0.05) << "240 Hz must not come back as 10 Hz";
}

}  // namespace
}  // namespace meridian::signal
