#include "signal/pacing_spikes.h"

#include <gtest/gtest.h>

#include <limits>

#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

// A spike of 4 ms, 160 ms before each R peak, in as many leads.
Recording paced(std::size_t leads) {
  AnnotatedEcg ecg = make_annotated_ecg({.seconds = 10});
  for (const SyntheticBeat& beat : ecg.beats)
    for (std::size_t lead = 0; lead < leads && beat.sample > 200; ++lead)
      for (const std::int64_t at : {beat.sample - 80, beat.sample - 79})
        ecg.recording.leads[lead].samples[static_cast<std::size_t>(at)] += 1.5f;
  return ecg.recording;
}

TEST(PacingSpikes, AreFoundInLeadsAtOnce) {
  EXPECT_GE(find_pacing_spikes(paced(12)).size(), 8u);
  EXPECT_TRUE(find_pacing_spikes(paced(3)).empty()) << "in a few leads only";
}

TEST(PacingSpikes, AreNoRWavesAndNoNoise) {
  for (const double rate : {45.0, 70.0, 150.0})
    EXPECT_TRUE(find_pacing_spikes(make_ecg({.heart_rate = rate})).empty());
  EXPECT_TRUE(find_pacing_spikes(make_ecg({.premature_part = 0.2, .noise = 0.05})).empty());
  EXPECT_TRUE(find_pacing_spikes(make_ecg({.mains = 5})).empty());
}

TEST(PacingSpikes, AreNotLookedForWhereTheyCannotBeTold) {
  Recording few = paced(12);
  few.leads.resize(2);
  EXPECT_TRUE(find_pacing_spikes(few).empty());
  EXPECT_TRUE(find_pacing_spikes({}).empty());
  Recording missing = paced(12);
  for (Lead& lead : missing.leads)
    std::fill(lead.samples.begin(), lead.samples.end(), std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(find_pacing_spikes(missing).empty());
}

}  // namespace
}  // namespace meridian::signal
