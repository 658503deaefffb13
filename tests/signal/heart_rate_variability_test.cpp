#include "signal/heart_rate_variability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "signal/long_spectrum.h"

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

TEST(HeartRateVariability, GivesSharesOfThePowerWithoutWhatIsVeryLow) {
  const HeartRateVariability found = variability_of(swinging_beats(1800, 0.04, 0.1));
  EXPECT_GT(found.low_share(), 0.95);
  EXPECT_NEAR(found.low_share() + found.high_share(), 1, 1e-9);
  EXPECT_NEAR(found.total(), found.very_low + found.low + found.high, 1e-9);
  EXPECT_EQ(HeartRateVariability{}.low_share(), 0);
}

TEST(HeartRateVariability, CountsDifferences) {
  // 800, 860, 800, 860, ... ms: all differences are 60 ms, by turns up and down.
  std::vector<std::int64_t> beats{0};
  for (int i = 0; i < 101; ++i) beats.push_back(beats.back() + (i % 2 ? 860 : 800));
  const HeartRateVariability found = variability_of(beats);
  EXPECT_EQ(found.nn50, 100u);
  EXPECT_EQ(found.pnn50, 1);
  EXPECT_NEAR(found.sdsd, 60.3, 0.1);
  EXPECT_NEAR(found.rmssd, 60, 1e-6);
}

TEST(HeartRateVariability, FitsATriangleToTheIntervals) {
  // Columns of 1/128 s that rise to 20 over 20 columns and fall again over 10.
  std::vector<NormalInterval> intervals;
  const auto add = [&](int column, int count) {
    for (int i = 0; i < count; ++i) intervals.push_back({0, (100 + column) / 128.0});
  };
  for (int k = 0; k <= 20; ++k) add(-20 + k, k);
  for (int k = 1; k <= 10; ++k) add(k, 20 - 2 * k);
  EXPECT_NEAR(heart_rate_variability(intervals).tinn, 30 * 1000 / 128.0, 1e-6);
}

TEST(LongSpectrum, NeedsMostOfADay) {
  const auto intervals_of = [](double seconds, double amplitude, double frequency) {
    const auto beats = swinging_beats(seconds, amplitude, frequency);
    return normal_intervals(beats, std::string(beats.size(), 'N'), kFrequency);
  };
  EXPECT_FALSE(long_spectrum(intervals_of(3600, 0.04, 0.001)));
  const auto slow = long_spectrum(intervals_of(20 * 3600, 0.04, 0.001));
  ASSERT_TRUE(slow);
  EXPECT_NEAR(slow->ultra_low, 800, 60);
  const auto faster = long_spectrum(intervals_of(20 * 3600, 0.04, 0.1));
  ASSERT_TRUE(faster);
  EXPECT_LT(faster->ultra_low, 20);
}

TEST(LongSpectrum, HasTheSlopeOfItsPower) {
  // Power that falls as 1/f: amplitudes as the root of it, phases by a rule.
  std::vector<NormalInterval> intervals;
  for (double time = 0; time < 20 * 3600; time += 5) {
    double length = 1;
    for (int k = 5; k <= 800; ++k) {
      const double frequency = k / 72000.0;
      length += 0.01 / std::sqrt(static_cast<double>(k)) *
                std::cos(2 * std::numbers::pi * frequency * time + 2.4 * k * k);
    }
    intervals.push_back({time, 5 * length});
  }
  const auto found = long_spectrum(intervals);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->slope, -1, 0.1);
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
