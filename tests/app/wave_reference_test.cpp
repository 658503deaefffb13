#include "app/bench/wave_reference.h"

#include <gtest/gtest.h>

namespace meridian::app {
namespace {

constexpr double kFrequency = 500;  // 150 ms are 75 samples

std::vector<ReferenceWave> reference() {
  return {{1, 500, 480, 530},
          {2, 700, 650, 760},
          {0, 900, 870, 930},
          {1, 1000, 980, 1030},
          {2, 1200, 1150, 1260}};
}

signal::LeadWaves found(std::int64_t shift) {
  signal::LeadWaves waves{"II", {}};
  for (const std::int64_t r : {500, 1000}) {
    const std::int64_t at = r + shift;
    waves.beats.push_back({signal::Wave{at - 130, at - 100, at - 70},
                           {at - 20, at, at + 30},
                           signal::Wave{at + 150, at + 200, at + 260}});
  }
  return waves;
}

TEST(WaveReference, CountsWavesWithinTheMarksOnly) {
  const auto counts = compare_waves(reference(), found(10), kFrequency);
  EXPECT_EQ(counts[0].found, 1u);
  EXPECT_EQ(counts[0].false_alarms, 0u) << "the P wave before the first mark does not count";
  EXPECT_EQ(counts[1].found, 2u);
  EXPECT_EQ(counts[2].found, 2u);
  EXPECT_EQ(counts[1].f1(), 1);
  ASSERT_EQ(counts[1].onset_errors.size(), 2u);
  EXPECT_DOUBLE_EQ(counts[1].onset_errors[0], 0.02);
}

TEST(WaveReference, CountsWhatLiesTooFarAwayTwice) {
  const auto counts = compare_waves(reference(), found(76), kFrequency);
  EXPECT_EQ(counts[1].found, 0u);
  EXPECT_EQ(counts[1].missed, 2u);
  EXPECT_EQ(counts[1].false_alarms, 2u);
  EXPECT_EQ(counts[1].f1(), 0);
}

TEST(WaveReference, OfALeadThatNobodyMarkedIsNothing) {
  const auto counts = compare_waves({}, found(0), kFrequency);
  EXPECT_EQ(counts[1].false_alarms, 0u);
}

}  // namespace
}  // namespace meridian::app
