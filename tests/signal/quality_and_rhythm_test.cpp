#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "signal/atrial_fibrillation.h"
#include "signal/qrs_detector.h"
#include "signal/rr_intervals.h"
#include "signal/signal_quality.h"
#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

Recording one_lead(std::vector<float> samples, double frequency = 250) {
  return {.sampling_frequency = frequency, .leads = {{"II", std::move(samples)}}};
}

TEST(SignalQuality, CallsACleanEcgGood) {
  for (const LeadQuality& lead : assess_quality(make_ecg({.seconds = 20})))
    EXPECT_EQ(lead.good_part(), 1) << lead.lead;
}

TEST(SignalQuality, TellsWhatIsWrongWithALead) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(assess_quality(one_lead(std::vector<float>(1000, nan)))[0].seconds,
              testing::Each(Quality::missing));
  EXPECT_THAT(assess_quality(one_lead(std::vector<float>(1000, 0.2f)))[0].seconds,
              testing::Each(Quality::flat));
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.5f);
  std::vector<float> noise(2500);
  for (float& x : noise) x = normal(random);
  const auto noisy = assess_quality(one_lead(noise));
  EXPECT_LT(usable_part(noisy), 0.2);
}

TEST(SignalQuality, SeesARecorderAtItsLimit) {
  Recording ecg = make_ecg({.seconds = 10});
  ecg.leads.resize(1);
  std::fill(ecg.leads[0].samples.begin() + 2000, ecg.leads[0].samples.begin() + 2500, 5.0f);
  EXPECT_EQ(assess_quality(ecg)[0].seconds[4], Quality::flat) << "a held limit has no signal in it";
  ecg.leads[0].samples[2100] = 0;
  EXPECT_EQ(assess_quality(ecg)[0].seconds[4], Quality::saturated);
}

TEST(SignalQuality, OfNothingIsNothing) {
  EXPECT_TRUE(assess_quality({}).empty());
  EXPECT_EQ(usable_part({}), 0);
  EXPECT_EQ(usable_part(assess_quality(one_lead({1, 2, 3}))), 0);
}

TEST(RrIntervals, LeaveOutWhatNoHeartDoes) {
  const std::vector<std::int64_t> beats{0, 250, 260, 500, 2000};
  const std::vector<double> intervals = rr_intervals(beats, 250);
  EXPECT_THAT(intervals, testing::ElementsAre(1.0, testing::DoubleNear(0.96, 1e-9)));
}

TEST(RrIntervals, HaveTheTaskForcesStatistics) {
  const std::vector<double> intervals{0.8, 0.9, 0.8, 0.9};
  const RrStatistics statistics = rr_statistics(intervals);
  EXPECT_NEAR(statistics.mean, 0.85, 1e-12);
  EXPECT_NEAR(statistics.sdnn, 0.0577350, 1e-6);
  EXPECT_NEAR(statistics.rmssd, 0.1, 1e-12);
  EXPECT_EQ(statistics.pnn50, 1);
  EXPECT_NEAR(statistics.heart_rate(), 60 / 0.85, 1e-9);
  EXPECT_EQ(rr_statistics({}).heart_rate(), 0);
}

FibrillationFeatures features_of(const SyntheticEcg& options) {
  const Recording recording = make_ecg(options);
  return fibrillation_features(detect_qrs(recording), RepeatingActivity(recording)).value();
}

double named(const FibrillationFeatures& features, std::string_view name) {
  const auto names = fibrillation_feature_names();
  const auto at = std::find(names.begin(), names.end(), name);
  EXPECT_NE(at, names.end()) << name;
  return features[static_cast<std::size_t>(at - names.begin())];
}

TEST(FibrillationFeatures, TellFibrillationFromSinusRhythm) {
  const FibrillationFeatures sinus = features_of({.seconds = 30});
  const FibrillationFeatures fibrillation = features_of({.seconds = 30, .atrial_fibrillation = true});
  EXPECT_GT(named(fibrillation, "irregular_part"), named(sinus, "irregular_part") + 0.3);
  EXPECT_GT(named(fibrillation, "sample_entropy"), named(sinus, "sample_entropy") + 0.3);
  EXPECT_GT(named(fibrillation, "sarkar_evidence"), named(sinus, "sarkar_evidence") + 0.3);
  EXPECT_LT(named(fibrillation, "p_repetition"), named(sinus, "p_repetition") - 0.3);
}

TEST(FibrillationFeatures, NeedEightBeats) {
  const Recording recording = make_ecg({.seconds = 5, .heart_rate = 60});
  EXPECT_FALSE(fibrillation_features(detect_qrs(recording), RepeatingActivity(recording)).has_value());
}

TEST(SyntheticEcg, IsTheSameForTheSameSeed) {
  EXPECT_EQ(make_ecg({.seed = 7}).leads[3].samples, make_ecg({.seed = 7}).leads[3].samples);
  EXPECT_NE(make_ecg({.seed = 7}).leads[3].samples, make_ecg({.seed = 8}).leads[3].samples);
}

TEST(SyntheticEcg, ObeysEinthoven) {
  const Recording ecg = make_ecg({});
  ASSERT_EQ(ecg.leads.size(), 12u);
  EXPECT_EQ(ecg.leads[2].name, "III");
  for (std::size_t i = 0; i < ecg.length(); i += 100)
    EXPECT_NEAR(ecg.leads[1].samples[i], ecg.leads[0].samples[i] + ecg.leads[2].samples[i], 1e-5);
}

}  // namespace
}  // namespace meridian::signal
