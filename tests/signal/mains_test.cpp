#include "signal/mains.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

TEST(Mains, AreFoundWithTheirAmplitude) {
  const auto found = find_mains(make_ecg({.mains = 0.2}));
  ASSERT_GE(found.size(), 10u) << "in derived leads it may cancel out";
  EXPECT_EQ(found.front().frequency, 50);
  EXPECT_NEAR(found.front().millivolts, 0.2, 0.03);
  EXPECT_GE(find_mains(make_ecg({.mains = 10})).size(), 10u) << "ten times the ECG";
}

TEST(Mains, AreNotSeenInQrsComplexesOrMuscleNoise) {
  for (const double rate : {40.0, 75.0, 170.0})
    EXPECT_TRUE(find_mains(make_ecg({.heart_rate = rate})).empty());
  EXPECT_TRUE(find_mains(make_ecg({.noise = 0.2})).empty());
}

TEST(Mains, AreToldFromEachOther) {
  Recording recording = make_ecg({.seconds = 5});
  recording.leads.resize(1);
  std::vector<float>& samples = recording.leads[0].samples;
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] +=
        0.3f * static_cast<float>(std::sin(2 * std::numbers::pi * 60 * static_cast<double>(i) / 500));
  samples[700] = std::numeric_limits<float>::quiet_NaN();
  const auto found = find_mains(recording);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].frequency, 60);
}

TEST(Mains, AreNotLookedForWhereTheyCannotBeSeen) {
  EXPECT_TRUE(find_mains({}).empty());
  EXPECT_TRUE(find_mains({.sampling_frequency = 100, .leads = {{"I", std::vector<float>(500, 1)}}}).empty());
  EXPECT_TRUE(find_mains({.sampling_frequency = 500, .leads = {{"I", std::vector<float>(50, 1)}}}).empty());
}

}  // namespace
}  // namespace meridian::signal
