#include "signal/paced_beats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "signal/qrs_detector.h"
#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

std::size_t paced_of(const Recording& recording) {
  const auto paced = find_paced_beats(recording, detect_qrs(recording));
  return static_cast<std::size_t>(std::count(paced.begin(), paced.end(), 1));
}

Recording two_leads(SyntheticEcg options, double frequency) {
  options.sampling_frequency = frequency;
  Recording recording = make_ecg(options);
  recording.leads = {recording.leads[1], recording.leads[6]};
  return recording;
}

TEST(PacedBeats, AreFoundInTwoLeadsAtEachUsualRate) {
  for (const double frequency : {250.0, 360.0, 500.0, 1000.0}) {
    const Recording recording = two_leads({.seconds = 30, .heart_rate = 60, .paced = true}, frequency);
    EXPECT_GE(paced_of(recording), 26u) << frequency;
  }
}

TEST(PacedBeats, AreNoneInSinusRhythmExtrasystolesAndMains) {
  EXPECT_EQ(paced_of(two_leads({.seconds = 60}, 360)), 0u);
  EXPECT_EQ(paced_of(two_leads({.seconds = 60, .premature_part = 0.2, .noise = 0.03}, 360)), 0u);
  EXPECT_EQ(paced_of(two_leads({.seconds = 60, .mains = 0.3}, 500)), 0u);
}

TEST(PacedBeats, AreNotLookedForWhereASpikeMayLieBetweenTwoSamples) {
  EXPECT_EQ(paced_of(two_leads({.seconds = 30, .paced = true}, 125)), 0u);
}

TEST(PacedBeats, SurviveMissingSamplesAndBeatsAtTheEnds) {
  Recording recording = two_leads({.seconds = 30, .paced = true}, 360);
  std::fill(recording.leads[0].samples.begin(), recording.leads[0].samples.end(),
            std::numeric_limits<float>::quiet_NaN());
  EXPECT_GT(paced_of(recording), 20u) << "the other lead shows it";
  const std::vector<std::int64_t> ends{0, 5, static_cast<std::int64_t>(recording.length()) - 1};
  EXPECT_EQ(find_paced_beats(recording, ends), std::vector<char>(3, 0));
}

}  // namespace
}  // namespace meridian::signal
