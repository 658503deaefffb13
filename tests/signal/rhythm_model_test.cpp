#include "signal/rhythm_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>

namespace meridian::signal {
namespace {

constexpr float kSinusP = -1.5f, kOtherP = 1.5f;

// A sinus rhythm of 0.8 s that breathes a little.
std::vector<RhythmBeat> sinus_rhythm(std::size_t count) {
  std::vector<RhythmBeat> beats;
  for (std::size_t i = 0; i < count; ++i)
    beats.push_back({0.8f + 0.02f * std::sin(static_cast<float>(i)), false, kSinusP, -1.0f});
  return beats;
}

void expect_sinus_but(const std::vector<RhythmBeat>& beats, std::size_t from, std::size_t to) {
  const auto rhythm = follow_rhythm(beats);
  ASSERT_EQ(rhythm.size(), beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    EXPECT_EQ(rhythm[i].ectopic > 0.5f, i >= from && i < to) << i;
    EXPECT_NEAR(rhythm[i].sinus + rhythm[i].ectopic + rhythm[i].fibrillation, 1, 1e-3) << i;
  }
}

TEST(RhythmModel, KnowsOneEarlyBeat) {
  std::vector<RhythmBeat> beats = sinus_rhythm(60);
  beats[30] = {0.55f, false, kOtherP, -1.0f};
  beats[31].rr = 1.0f;
  expect_sinus_but(beats, 30, 31);
}

TEST(RhythmModel, DoesNotTakeALongRunForTheRhythm) {
  std::vector<RhythmBeat> beats = sinus_rhythm(300);
  for (std::size_t i = 50; i < 250; ++i) beats[i] = {0.5f, false, kOtherP, -1.0f};
  beats[250].rr = 1.1f;
  expect_sinus_but(beats, 50, 250);
}

TEST(RhythmModel, FollowsASinusRhythmThatBecomesFaster) {
  std::vector<RhythmBeat> beats = sinus_rhythm(200);
  for (std::size_t i = 50; i < 200; ++i)
    beats[i].rr *= std::max(0.6f, 1 - 0.01f * static_cast<float>(i - 50));
  expect_sinus_but(beats, 0, 0);
}

TEST(RhythmModel, LeavesThePauseAfterAVentricularBeatAlone) {
  std::vector<RhythmBeat> beats = sinus_rhythm(60);
  for (std::size_t i = 6; i < 60; i += 3) {
    beats[i] = {0.5f, true, 0, -1.0f};
    beats[std::min<std::size_t>(i + 1, 59)].rr = 1.1f;
  }
  expect_sinus_but(beats, 0, 0);
}

TEST(RhythmModel, TellsFibrillationFromEctopicBeatsByItsPWaves) {
  std::vector<RhythmBeat> beats;
  for (std::size_t i = 0; i < 1200; ++i)
    beats.push_back({0.7f + 0.2f * std::sin(static_cast<float>(i * i)), false, -1, 1.0f});
  for (const RhythmProbabilities& one : follow_rhythm(beats)) EXPECT_GT(one.fibrillation, 0.5f);
}

TEST(RhythmModel, BearsWhatNoHeartDoes) {
  std::vector<RhythmBeat> beats;
  for (const float rr : {0.0f, 1e6f, 0.01f, 0.8f, 60.0f}) beats.push_back({rr, false, 3, 3});
  for (const RhythmProbabilities& one : follow_rhythm(beats)) {
    EXPECT_TRUE(std::isfinite(one.sinus + one.ectopic + one.fibrillation));
  }
  EXPECT_TRUE(follow_rhythm({}).empty());
}

}  // namespace
}  // namespace meridian::signal
