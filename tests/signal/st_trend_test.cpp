#include "signal/st_trend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace meridian::signal {
namespace {

constexpr double kFrequency = 250;
constexpr QrsReach kReach{0, -0.04, 0.05};

// A beat a second; the ST level and slope of each minute are given.
struct Made {
  Recording recording;
  std::vector<std::int64_t> beats;
  std::string classes;
};

Made make(const std::vector<StLevel>& minutes) {
  Made made;
  made.recording.sampling_frequency = kFrequency;
  std::vector<float> samples(static_cast<std::size_t>(60 * kFrequency) * minutes.size(), 0);
  for (std::size_t second = 0; second < 60 * minutes.size(); ++second) {
    const std::int64_t beat = std::llround((static_cast<double>(second) + 0.5) * kFrequency);
    made.beats.push_back(beat);
    made.classes += 'N';
    const StLevel& st = minutes[second / 60];
    for (std::int64_t i = beat - 9; i <= beat + 10; ++i) samples[static_cast<std::size_t>(i)] = 1;
    for (std::int64_t i = beat + 13; i < beat + 60; ++i) {
      const auto after =
          static_cast<float>((static_cast<double>(i - beat) / kFrequency) - kReach.offset - 0.06);
      samples[static_cast<std::size_t>(i)] = st.level + st.slope * after;
    }
  }
  made.recording.leads = {{"V5", std::move(samples)}};
  return made;
}

std::vector<LeadStTrend> trend_of(const Made& made) {
  return st_trend(made.recording, made.beats, made.classes, std::vector{kReach});
}

TEST(StTrend, MeasuresLevelAndSlopeOfEachMinute) {
  const auto trend = trend_of(make({{0.05F, 0}, {-0.2F, -0.5F}, {0.3F, 1}}));
  ASSERT_EQ(trend.size(), 1u);
  ASSERT_EQ(trend[0].minutes.size(), 3u);
  EXPECT_NEAR(trend[0].minutes[0]->level, 0.05, 0.01);
  EXPECT_NEAR(trend[0].minutes[1]->level, -0.2, 0.01);
  EXPECT_NEAR(trend[0].minutes[1]->slope, -0.5, 0.1);
  EXPECT_NEAR(trend[0].minutes[2]->slope, 1, 0.1);
}

TEST(StTrend, LeavesOutMinutesWithFewNormalBeats) {
  Made made = make({{0, 0}, {0, 0}});
  std::fill(made.classes.begin() + 60, made.classes.end(), 'V');
  const auto trend = trend_of(made);
  EXPECT_TRUE(trend[0].minutes[0].has_value());
  EXPECT_FALSE(trend[0].minutes[1].has_value());
  EXPECT_TRUE(st_trend(made.recording, made.beats, made.classes, {}).empty());
}

TEST(StEpisodes, AreDepressionsAndElevationsOfTwoMinutesOrMore) {
  std::vector<StLevel> minutes(20, {0.02F, 0});
  for (std::size_t m = 5; m < 9; ++m) minutes[m] = {-0.13F - 0.01F * static_cast<float>(m), -0.2F};
  minutes[14] = {0.5F, 0};  // of one minute alone
  const auto episodes = st_episodes(trend_of(make(minutes)));
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_EQ(episodes[0].from, 300);
  EXPECT_EQ(episodes[0].to, 540);
  EXPECT_NEAR(episodes[0].shift, -0.23, 0.02);
  EXPECT_NEAR(episodes[0].slope, -0.2, 0.1);
}

TEST(StEpisodes, AreNotWhatRunsUpSteeply) {
  std::vector<StLevel> minutes(20, {0, 0});
  for (std::size_t m = 5; m < 9; ++m) minutes[m] = {-0.15F, 2};
  EXPECT_TRUE(st_episodes(trend_of(make(minutes))).empty());
}

TEST(StEpisodes, CompareWithTheUsualLevelOfTheLead) {
  EXPECT_TRUE(st_episodes(trend_of(make(std::vector<StLevel>(20, {-0.25F, 0})))).empty());
}

}  // namespace
}  // namespace meridian::signal
