#include "signal/heart_rate_variability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

namespace meridian::signal {
namespace {

constexpr double kFrequency = 1000;

// Normal beats whose interval swings around 0.8 s by an amplitude (s) at a frequency (Hz).
std::vector<std::int64_t> swinging_beats(double seconds, double amplitude, double frequency) {
  std::vector<std::int64_t> beats{0};
  double time = 0;
  while (time < seconds) {
    time += 0.8 + amplitude * std::sin(2 * std::numbers::pi * frequency * time);
    beats.push_back(std::llround(time * kFrequency));
  }
  return beats;
}

HeartRateVariability variability_of(const std::vector<std::int64_t>& beats) {
  return heart_rate_variability(normal_intervals(beats, std::string(beats.size(), 'N'), kFrequency));
}

TEST(HeartRateVariability, IsZeroOfASteadyRhythm) {
  const HeartRateVariability found = variability_of(swinging_beats(900, 0, 0.1));
  EXPECT_EQ(found.stretches, 3u);
  for (const double value :
       {found.sdnn, found.sdann.value(), found.sdnn_index.value(), found.rmssd, found.pnn50, found.low})
    EXPECT_NEAR(value, 0, 1e-3);
  EXPECT_NEAR(found.triangular_index, 1, 1e-9);
}

TEST(HeartRateVariability, PutsASwingIntoItsBand) {
  // A sine of 40 ms has a standard deviation of 40 / sqrt(2) ms and a power of 800 square milliseconds.
  const HeartRateVariability low = variability_of(swinging_beats(1800, 0.04, 0.1));
  EXPECT_NEAR(low.sdnn, 40 / std::numbers::sqrt2, 1);
  EXPECT_NEAR(low.low, 800, 60);
  EXPECT_LT(low.very_low + low.high, 40);
  const HeartRateVariability high = variability_of(swinging_beats(1800, 0.04, 0.25));
  EXPECT_LT(high.low + high.very_low, 60);
  EXPECT_NEAR(high.high, 800, 200) << "lines between the intervals flatten what is fast";
  EXPECT_GT(high.rmssd, low.rmssd);
  EXPECT_EQ(high.pnn50, 0);
  EXPECT_GT(variability_of(swinging_beats(600, 0.06, 0.25)).pnn50, 0.3);
}

TEST(HeartRateVariability, LeavesEctopicBeatsOut) {
  std::vector<std::int64_t> beats = swinging_beats(600, 0, 0.1);
  std::string classes(beats.size(), 'N');
  for (std::size_t i = 20; i + 1 < beats.size(); i += 20) {
    beats[i] -= 300;
    classes[i] = 'V';
  }
  const auto intervals = normal_intervals(beats, classes, kFrequency);
  EXPECT_LT(intervals.size(), beats.size());
  EXPECT_NEAR(heart_rate_variability(intervals).sdnn, 0, 1e-3);
}

TEST(HeartRateVariability, GivesNothingThatItHasTooFewStretchesFor) {
  const HeartRateVariability none = variability_of(swinging_beats(200, 0.04, 0.1));
  EXPECT_GT(none.sdnn, 0);
  EXPECT_FALSE(none.sdann || none.sdnn_index);
  const HeartRateVariability one = variability_of(swinging_beats(301, 0.04, 0.1));
  EXPECT_FALSE(one.sdann);
  EXPECT_GT(one.sdnn_index.value(), 0);
}

TEST(HeartRateVariability, BearsNoIntervals) {
  EXPECT_EQ(heart_rate_variability({}).intervals, 0u);
  EXPECT_TRUE(normal_intervals({}, "", kFrequency).empty());
  const std::vector<std::int64_t> two{0, 800};
  EXPECT_EQ(heart_rate_variability(normal_intervals(two, "NN", kFrequency)).sdnn, 0);
}

}  // namespace
}  // namespace meridian::signal
