#include "signal/mains.h"

#include <gtest/gtest.h>

#include <algorithm>
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

// The largest difference of two leads, in millivolts.
float distance(const Lead& a, const Lead& b) {
  float largest = 0;
  for (std::size_t i = 0; i < a.samples.size(); ++i)
    largest = std::max(largest, std::fabs(a.samples[i] - b.samples[i]));
  return largest;
}

TEST(Mains, AreTakenOffAndLeaveTheEcg) {
  const Recording clean = make_ecg({.noise = 0, .wander = 0});
  for (const double frequency : {50.0, 49.95, 60.0}) {
    Recording disturbed = clean;
    for (Lead& lead : disturbed.leads)
      for (std::size_t i = 0; i < lead.samples.size(); ++i)
        lead.samples[i] +=
            static_cast<float>(std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / 500 + 1));
    disturbed.leads[3].samples[1234] = std::numeric_limits<float>::quiet_NaN();
    const Recording mended = without_mains(disturbed, find_mains(disturbed));
    EXPECT_TRUE(std::isnan(mended.leads[3].samples[1234]));
    // Beside its frequency the wave is out of step by up to a 40th of a turn where no second lies around it.
    EXPECT_LT(distance(mended.leads[1], clean.leads[1]), frequency == 49.95 ? 0.17f : 0.02f) << frequency;
    EXPECT_TRUE(find_mains(mended).empty());
  }
  EXPECT_EQ(distance(without_mains(clean, find_mains(clean)).leads[1], clean.leads[1]), 0);
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
