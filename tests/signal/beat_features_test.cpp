#include "signal/beat_features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

float feature(const BeatFeatures& features, std::string_view name) {
  const auto names = beat_feature_names();
  const auto at = std::find(names.begin(), names.end(), name);
  EXPECT_NE(at, names.end()) << name;
  return features[static_cast<std::size_t>(at - names.begin())];
}

std::vector<std::int64_t> samples_of(const AnnotatedEcg& ecg) {
  std::vector<std::int64_t> samples;
  for (const SyntheticBeat& beat : ecg.beats) samples.push_back(beat.sample);
  return samples;
}

std::vector<BeatFeatures> features_of(std::span<const std::int64_t> beats, const Recording& recording) {
  return beat_features(BeatSeries(beats, RepeatingActivity(recording)));
}

TEST(BeatFeatures, AreMadeOfThreeBeats) {
  EXPECT_EQ(features_of(std::vector<std::int64_t>{100, 500, 900}, make_ecg({.seconds = 10})).size(), 3u);
}

TEST(BeatFeatures, ShowPrematureBeatsOfAnotherShape) {
  const AnnotatedEcg ecg = make_annotated_ecg({.seed = 5, .seconds = 120, .premature_part = 0.08});
  const auto features = features_of(samples_of(ecg), ecg.recording);
  ASSERT_EQ(features.size(), ecg.beats.size());
  for (std::size_t i = 2; i + 2 < features.size(); ++i) {
    const bool ventricular = ecg.beats[i].aami_class == 'V';
    EXPECT_EQ(feature(features[i], "rr_before") < 0.85f, ventricular) << i;
    EXPECT_EQ(feature(features[i], "dominant_alike") < 0.85f, ventricular) << i;
  }
}

TEST(BeatFeatures, DoNotDependOnTheGain) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 30});
  const auto before = features_of(samples_of(ecg), ecg.recording);
  for (Lead& lead : ecg.recording.leads)
    for (float& x : lead.samples) x *= 4;
  const auto after = features_of(samples_of(ecg), ecg.recording);
  for (std::size_t i = 0; i < before.size(); ++i)
    for (std::size_t k = 0; k < kBeatFeatures; ++k)
      EXPECT_NEAR(before[i][k], after[i][k], 0.01 * (1 + std::fabs(before[i][k])));
}

TEST(BeatFeatures, AreFiniteForLeadsWithoutSignal) {
  Recording recording = make_ecg({.seconds = 10});
  for (Lead& lead : recording.leads) std::fill(lead.samples.begin(), lead.samples.end(), 0.0f);
  recording.leads[3].samples.assign(recording.length(), std::numeric_limits<float>::quiet_NaN());
  for (const BeatFeatures& one : features_of(std::vector<std::int64_t>{0, 500, 4999, 5000}, recording))
    for (const float value : one) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace meridian::signal
