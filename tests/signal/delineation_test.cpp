#include "signal/delineation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "signal/synthetic_ecg.h"
#include "signal/wave_boundaries.h"

namespace meridian::signal {
namespace {

std::vector<std::int64_t> samples_of(const AnnotatedEcg& ecg) {
  std::vector<std::int64_t> samples;
  for (const SyntheticBeat& beat : ecg.beats) samples.push_back(beat.sample);
  return samples;
}

void expect_order(const BeatWaves& beat) {
  EXPECT_LE(beat.qrs.onset, beat.qrs.peak);
  EXPECT_LE(beat.qrs.peak, beat.qrs.offset);
  for (const std::optional<Wave>& wave : {beat.p, beat.t}) {
    if (!wave) continue;
    EXPECT_LE(wave->onset, wave->peak);
    EXPECT_LE(wave->peak, wave->offset);
  }
  if (beat.p) {
    EXPECT_LT(beat.p->peak, beat.qrs.onset);
  }
  if (beat.t) {
    EXPECT_GT(beat.t->peak, beat.qrs.offset);
  }
}

TEST(Delineation, FindsTheWavesOfEachBeatInEachLead) {
  const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10, .heart_rate = 70});
  const auto beats = samples_of(ecg);
  const Delineation found = delineate(ecg.recording, beats);
  ASSERT_EQ(found.leads.size(), 12u);
  ASSERT_EQ(found.p_features.size(), beats.size());
  for (const LeadWaves& lead : found.leads) {
    ASSERT_EQ(lead.beats.size(), beats.size()) << lead.lead;
    for (std::size_t k = 1; k + 1 < beats.size(); ++k) {
      expect_order(lead.beats[k]);
      EXPECT_TRUE(lead.beats[k].p && lead.beats[k].t) << lead.lead << ' ' << k;
      EXPECT_NEAR(static_cast<double>(lead.beats[k].qrs.onset), static_cast<double>(beats[k]), 50);
    }
  }
  // The model's P and T waves peak 60 to 70 degrees before and 90 to 100 after the R wave.
  const BeatWaves& beat = found.global.beats[4];
  EXPECT_NEAR(static_cast<double>(beats[4] - beat.p->peak) / 500, 0.16, 0.05);
  EXPECT_NEAR(static_cast<double>(beat.t->peak - beats[4]) / 500, 0.24, 0.06);
}

TEST(Delineation, DoesNotDependOnTheSamplingFrequency) {
  for (const double frequency : {125.0, 250.0, 1000.0}) {
    const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10, .sampling_frequency = frequency});
    const Delineation found = delineate(ecg.recording, samples_of(ecg));
    for (std::size_t k = 1; k + 1 < ecg.beats.size(); ++k) {
      const BeatWaves& beat = found.global.beats[k];
      ASSERT_TRUE(beat.p && beat.t);
      EXPECT_NEAR(static_cast<double>(beat.qrs.offset - beat.qrs.onset) / frequency, 0.09, 0.03);
      EXPECT_NEAR(static_cast<double>(beat.t->offset - beat.qrs.onset) / frequency, 0.36, 0.06);
    }
  }
}

TEST(Delineation, DoesNotDependOnTheGain) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  const Delineation before = delineate(ecg.recording, samples_of(ecg));
  for (Lead& lead : ecg.recording.leads)
    for (float& x : lead.samples) x *= 2;
  const Delineation after = delineate(ecg.recording, samples_of(ecg));
  for (std::size_t k = 0; k < ecg.beats.size(); ++k)
    EXPECT_EQ(before.global.beats[k].qrs.onset, after.global.beats[k].qrs.onset);
}

TEST(Delineation, LeavesSilentLeadsOut) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  std::fill(ecg.recording.leads[2].samples.begin(), ecg.recording.leads[2].samples.end(), 0.0f);
  std::fill(ecg.recording.leads[7].samples.begin(), ecg.recording.leads[7].samples.end(),
            std::numeric_limits<float>::quiet_NaN());
  const Delineation found = delineate(ecg.recording, samples_of(ecg));
  EXPECT_TRUE(found.leads[2].beats.empty());
  EXPECT_TRUE(found.leads[7].beats.empty());
  EXPECT_EQ(found.leads[0].beats.size(), ecg.beats.size());
}

TEST(Delineation, StandsBeatsAtTheVeryEnds) {
  const Recording recording = make_ecg({.seconds = 10});
  const std::vector<std::int64_t> beats{0, 1, 2, 2500, 4998, 4999};
  const Delineation found = delineate(recording, beats);
  for (const LeadWaves& lead : found.leads)
    for (const BeatWaves& beat : lead.beats) {
      EXPECT_GE(beat.qrs.onset, 0);
      EXPECT_LT(beat.qrs.offset, 5000);
    }
}

TEST(Delineation, HasNothingWithoutBeatsOrSamples) {
  EXPECT_TRUE(delineate({}, std::vector<std::int64_t>{}).leads.empty());
  EXPECT_TRUE(delineate(make_ecg({}), std::vector<std::int64_t>{}).leads.empty());
}

TEST(Delineation, DropsAPWaveInAllLeads) {
  const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  Delineation found = delineate(ecg.recording, samples_of(ecg));
  found.drop_p_wave(3);
  EXPECT_FALSE(found.global.beats[3].p);
  for (const LeadWaves& lead : found.leads) {
    EXPECT_FALSE(lead.beats[3].p);
    EXPECT_TRUE(lead.beats[4].p);
  }
}

TEST(Delineation, ShowsThatFibrillatoryWavesAreNotAlike) {
  const auto mean_likeness = [](bool fibrillation) {
    const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10, .atrial_fibrillation = fibrillation});
    const Delineation found = delineate(ecg.recording, samples_of(ecg));
    double sum = 0;
    for (const PWaveFeatures& features : found.p_features) sum += features[0];
    return sum / static_cast<double>(found.p_features.size());
  };
  EXPECT_GT(mean_likeness(false), mean_likeness(true) + 0.1);
}

TEST(WaveEnd, LiesWhereABellReachesItsFoot) {
  std::vector<float> bell;
  for (int i = 0; i < 200; ++i)
    bell.push_back(static_cast<float>(std::exp(-0.5 * (i - 100) * (i - 100) / 225.0)));
  EXPECT_NEAR(static_cast<double>(wave_end(bell, 100, 160, 50)), 136, 8);
  EXPECT_NEAR(static_cast<double>(wave_end(bell, 100, 40, 50)), 64, 8);
  for (float& x : bell) x = -x;
  EXPECT_NEAR(static_cast<double>(wave_end(bell, 100, 160, 50)), 136, 8) << "of an inverted wave as well";
}

}  // namespace
}  // namespace meridian::signal
