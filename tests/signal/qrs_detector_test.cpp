#include "signal/qrs_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "signal/beat_matching.h"
#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

std::vector<std::int64_t> samples_of(const std::vector<SyntheticBeat>& beats) {
  std::vector<std::int64_t> samples;
  for (const SyntheticBeat& beat : beats) samples.push_back(beat.sample);
  return samples;
}

// A beat cut by an end of the recording may be found or not.
BeatMatches compare(const AnnotatedEcg& ecg) {
  const double frequency = ecg.recording.sampling_frequency;
  const auto length = static_cast<std::int64_t>(ecg.recording.length());
  const auto edge = static_cast<std::int64_t>(0.2 * frequency);
  const SampleRange ends[] = {{-edge, edge}, {length - edge, length}};
  return match_beats(samples_of(ecg.beats), detect_qrs(ecg.recording), std::llround(0.15 * frequency), ends);
}

struct Case {
  const char* name;
  SyntheticEcg options;
};

class QrsDetectorOn : public testing::TestWithParam<Case> {};

TEST_P(QrsDetectorOn, FindsEachBeatAndNothingElse) {
  const BeatMatches matches = compare(make_annotated_ecg(GetParam().options));
  EXPECT_GT(matches.true_positives, 5u);
  EXPECT_EQ(matches.false_negatives, 0u);
  EXPECT_EQ(matches.false_positives, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    SyntheticEcgs, QrsDetectorOn,
    testing::Values(Case{"Sinus", {}}, Case{"Slow", {.seconds = 30, .heart_rate = 35}},
                    Case{"Fast", {.seconds = 30, .heart_rate = 180}},
                    Case{"Fibrillation", {.seconds = 60, .heart_rate = 110, .atrial_fibrillation = true}},
                    Case{"Ectopics", {.seconds = 60, .premature_part = 0.3}},
                    Case{"Noise", {.seconds = 60, .noise = 0.08, .wander = 1.5}},
                    Case{"Mains", {.seconds = 30, .mains = 5}},
                    Case{"LowRate", {.seconds = 60, .sampling_frequency = 100}},
                    Case{"HighRate", {.seconds = 20, .sampling_frequency = 2000}}),
    [](const auto& info) { return info.param.name; });

TEST(QrsDetector, GivesNothingForNothing) {
  EXPECT_TRUE(detect_qrs({}).empty());
  EXPECT_TRUE(detect_qrs({.sampling_frequency = 500, .leads = {{"II", {}}}}).empty());
  EXPECT_TRUE(detect_qrs({.sampling_frequency = 0, .leads = {{"II", std::vector<float>(100)}}}).empty());
  EXPECT_TRUE(detect_qrs({.sampling_frequency = 500, .leads = {{"II", {1}}}}).empty());
}

TEST(QrsDetector, GivesNothingForFlatOrMissingSignals) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float value : {0.0f, 3.0f, nan, std::numeric_limits<float>::infinity()}) {
    const Recording flat{.sampling_frequency = 250, .leads = {{"II", std::vector<float>(2500, value)}}};
    EXPECT_TRUE(detect_qrs(flat).empty()) << value;
  }
}

TEST(QrsDetector, ReadsOnWhereOneLeadIsLostAndSamplesAreMissing) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 60});
  std::vector<Lead>& leads = ecg.recording.leads;
  leads.resize(2);
  const auto half = leads[0].samples.begin() + 15000;
  std::fill(leads[0].samples.begin(), half, std::numeric_limits<float>::quiet_NaN());
  std::fill(leads[1].samples.begin() + 16000, leads[1].samples.end(), 0.0f);
  EXPECT_EQ(compare(ecg).false_negatives, 0u);
  EXPECT_EQ(compare(ecg).false_positives, 0u);
}

TEST(QrsDetector, PlacesBeatsAtTheirMainDeflection) {
  const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10, .noise = 0});
  const std::vector<std::int64_t> found = detect_qrs(ecg.recording);
  ASSERT_GT(found.size(), 5u);
  for (const SyntheticBeat& beat : ecg.beats) {
    if (beat.sample < 100 || beat.sample > 4900) continue;
    const auto nearest = *std::min_element(found.begin(), found.end(), [&](auto a, auto b) {
      return std::abs(a - beat.sample) < std::abs(b - beat.sample);
    });
    EXPECT_LE(std::abs(nearest - beat.sample), 15) << "30 ms";
  }
}

}  // namespace
}  // namespace meridian::signal
