#include "archive/waveform/plausibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "signal/synthetic_ecg.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> doubts_of(signal::Recording recording) {
  note_implausible(recording);
  return recording.doubts;
}

signal::Recording scaled(float factor) {
  signal::Recording recording = signal::make_ecg({});
  for (signal::Lead& lead : recording.leads)
    for (float& sample : lead.samples) sample *= factor;
  return recording;
}

TEST(Plausibility, HasNoDoubtOfAnOrdinaryEcg) {
  EXPECT_THAT(doubts_of(signal::make_ecg({})), IsEmpty());
  EXPECT_THAT(doubts_of(signal::make_ecg({.heart_rate = 45})), IsEmpty());
  EXPECT_THAT(doubts_of(signal::make_ecg({.heart_rate = 150})), IsEmpty());
}

TEST(Plausibility, DoubtsARateThatIsStatedWrongly) {
  signal::Recording recording = signal::make_ecg({.seconds = 30});
  const double truth = recording.sampling_frequency;
  recording.sampling_frequency = 2 * truth;
  EXPECT_THAT(doubts_of(recording), ElementsAre(HasSubstr("sampling frequency may be wrong")));
  recording.sampling_frequency = truth / 2;
  EXPECT_THAT(doubts_of(recording), ElementsAre(HasSubstr("sampling frequency may be wrong")));
}

TEST(Plausibility, DoubtsAGainThatIsStatedWrongly) {
  EXPECT_THAT(doubts_of(scaled(1000)), testing::Contains(HasSubstr("gain may be wrong")));
  EXPECT_THAT(doubts_of(scaled(0.001F)), testing::Contains(HasSubstr("gain may be wrong")));
}

TEST(Plausibility, BearsLeadsWithoutValuesAndShortRecordings) {
  signal::Recording recording = signal::make_ecg({});
  recording.leads[0].samples.assign(recording.length(), std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(doubts_of(recording), ElementsAre(HasSubstr("has no value")));
  EXPECT_THAT(doubts_of({}), IsEmpty());
  EXPECT_THAT(doubts_of({.sampling_frequency = 500, .leads = {{"I", {0, 0}}}}), IsEmpty());
}

}  // namespace
}  // namespace meridian::archive
