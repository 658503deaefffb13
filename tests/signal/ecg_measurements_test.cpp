#include "signal/ecg_measurements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

// Triangles one after the other, each of 20 samples (40 ms at 500 Hz), between two stretches of rest.
std::vector<float> complex_of(const std::vector<float>& amplitudes) {
  std::vector<float> samples(10, 0);
  for (const float amplitude : amplitudes)
    for (int i = 0; i < 20; ++i)
      samples.push_back(amplitude * (1 - std::fabs(static_cast<float>(i) - 9.5f) / 10));
  samples.resize(samples.size() + 10, 0);
  return samples;
}

QrsParts parts_of(const std::vector<float>& amplitudes) {
  const auto samples = complex_of(amplitudes);
  const auto last = static_cast<std::int64_t>(samples.size()) - 11;
  return name_deflections(qrs_deflections(samples, 10, last, 0, 500), 10, 500);
}

TEST(QrsDeflections, AreNamedByTheirOrder) {
  const QrsParts parts = parts_of({-0.2f, 1.0f, -0.5f, 0.3f});
  EXPECT_NEAR(parts.q, -0.2, 0.02);
  EXPECT_NEAR(parts.r, 1.0, 0.1);
  EXPECT_NEAR(parts.s, -0.5, 0.05);
  EXPECT_NEAR(parts.r_prime, 0.3, 0.03);
  EXPECT_NEAR(parts.q_duration, 0.04, 0.003);
  EXPECT_NEAR(parts.r_peak_time, 0.06, 0.003);
}

TEST(QrsDeflections, WithoutARWaveAreAQ) {
  const QrsParts parts = parts_of({-0.8f});
  EXPECT_NEAR(parts.q, -0.8, 0.05);
  EXPECT_EQ(parts.r, 0);
  EXPECT_EQ(parts.s, 0);
}

TEST(QrsDeflections, LeaveOutWhatIsTooSmall) {
  EXPECT_EQ(parts_of({-0.015f, 1.0f}).q, 0);
}

TEST(CorrectedQt, FollowsThePublishedFormulas) {
  const CorrectedQt same = correct_qt(0.4, 1);
  EXPECT_DOUBLE_EQ(same.bazett, 0.4);
  EXPECT_DOUBLE_EQ(same.fridericia, 0.4);
  EXPECT_DOUBLE_EQ(same.framingham, 0.4);
  EXPECT_DOUBLE_EQ(same.hodges, 0.4);
  const CorrectedQt fast = correct_qt(0.36, 0.64);
  EXPECT_NEAR(fast.bazett, 0.45, 1e-9);
  EXPECT_NEAR(fast.fridericia, 0.4177, 1e-4);
  EXPECT_NEAR(fast.framingham, 0.4154, 1e-4);
  EXPECT_NEAR(fast.hodges, 0.4191, 1e-4);
}

struct Measured {
  AnnotatedEcg ecg;
  EcgMeasurements measurements;
};

Measured measure(AnnotatedEcg ecg) {
  std::vector<std::int64_t> beats;
  for (const SyntheticBeat& beat : ecg.beats) beats.push_back(beat.sample);
  std::vector<std::size_t> all(beats.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const EcgMeasurements found = measure_ecg(ecg.recording, delineate(ecg.recording, beats), all);
  return {std::move(ecg), found};
}

TEST(EcgMeasurements, AreThoseOfANormalEcg) {
  const EcgMeasurements found = measure(make_annotated_ecg({.seconds = 10, .heart_rate = 65})).measurements;
  ASSERT_TRUE(found.intervals.pr && found.intervals.qrs && found.intervals.qt && found.qrs_axis);
  EXPECT_NEAR(*found.intervals.pr, 0.16, 0.05);
  EXPECT_NEAR(*found.intervals.qrs, 0.09, 0.03);
  EXPECT_NEAR(*found.intervals.qt, 0.37, 0.06);
  EXPECT_GT(*found.qrs_axis, -30);
  EXPECT_LT(*found.qrs_axis, 90);
  ASSERT_EQ(found.leads.size(), 12u);
  EXPECT_GT(found.lead("II")->qrs.r, 0.5);
  EXPECT_LT(found.lead("aVR")->qrs_net(), 0);
  EXPECT_EQ(found.lead("V9"), nullptr);
}

TEST(EcgMeasurements, FollowTheGain) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  const EcgMeasurements before = measure(ecg).measurements;
  for (Lead& lead : ecg.recording.leads)
    for (float& x : lead.samples) x *= 2;
  const EcgMeasurements after = measure(std::move(ecg)).measurements;
  for (std::size_t l = 0; l < 12; ++l)
    EXPECT_NEAR(after.leads[l].qrs.r, 2 * before.leads[l].qrs.r, 0.03) << before.leads[l].lead;
}

TEST(EcgMeasurements, ShowAnStElevation) {
  const EcgMeasurements level = measure(make_annotated_ecg({.seconds = 10})).measurements;
  const EcgMeasurements raised = measure(make_annotated_ecg({.seconds = 10, .st_shift = 0.3})).measurements;
  EXPECT_GT(raised.lead("V3")->st60, level.lead("V3")->st60 + 0.15);
}

TEST(EcgMeasurements, OfNoBeatAreNone) {
  const AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  const EcgMeasurements found = measure_ecg(ecg.recording, {}, {});
  EXPECT_TRUE(found.leads.empty());
  EXPECT_FALSE(found.intervals.qrs || found.qrs_axis);
}

}  // namespace
}  // namespace meridian::signal
