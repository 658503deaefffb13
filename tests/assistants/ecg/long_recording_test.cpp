#include "assistants/ecg/long_recording.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace meridian::assistants::ecg {
namespace {

constexpr double kFrequency = 100;

// 90 minutes: an hour at 60 a minute, then half an hour at 120 with ectopic beats, a pause and fibrillation.
Analysis ninety_minutes() {
  Analysis analysis;
  for (double time = 0; time < 5400; time += time < 3600 ? 1.0 : 0.5)
    analysis.beats.push_back(std::llround(time * kFrequency));
  analysis.classes.assign(analysis.beats.size(), 'N');
  analysis.classes[4000] = 'V';
  analysis.classes[4010] = analysis.classes[4011] = 'S';
  analysis.pauses = {{4000, 4004}};
  analysis.fibrillation = Fibrillation{0.9, 0.1, {{3540, 3660}}};
  return analysis;
}

signal::Recording silence(double seconds) {
  signal::Recording recording;
  recording.sampling_frequency = kFrequency;
  recording.leads.push_back({"II", std::vector<float>(static_cast<std::size_t>(seconds * kFrequency), 0.0f)});
  return recording;
}

TEST(EcgLongRecording, GivesTheCourseByTheHour) {
  const auto hours = hours_of(ninety_minutes(), kFrequency, 5400);
  ASSERT_EQ(hours.size(), 2u);
  EXPECT_EQ(hours[0].beats, 3600u);
  EXPECT_NEAR(hours[0].mean_rate, 60, 0.1);
  EXPECT_NEAR(hours[0].highest_rate, 60, 0.1);
  EXPECT_EQ(hours[0].ventricular + hours[0].supraventricular + hours[0].pauses, 0u);
  EXPECT_NEAR(hours[0].fibrillation, 60, 1e-9);
  EXPECT_EQ(hours[1].beats, 3600u);
  EXPECT_NEAR(hours[1].highest_rate, 120, 0.1);
  EXPECT_EQ(hours[1].ventricular, 1u);
  EXPECT_EQ(hours[1].supraventricular, 2u);
  EXPECT_EQ(hours[1].pauses, 1u);
  EXPECT_NEAR(hours[1].fibrillation, 60, 1e-9);
}

TEST(EcgLongRecording, SaysNothingOfAShortOne) {
  EXPECT_TRUE(long_recording_findings(ninety_minutes(), silence(299)).empty());
  EXPECT_EQ(long_recording_findings(ninety_minutes(), silence(600)).size(), 1u) << "variability";
  EXPECT_EQ(long_recording_findings(ninety_minutes(), silence(5400)).size(), 2u) << "and the course";
  EXPECT_TRUE(long_recording_findings({}, silence(600)).empty()) << "no beats";
}

TEST(EcgLongRecording, RefusesVariabilityOverFibrillation) {
  Analysis analysis = ninety_minutes();
  analysis.fibrillation = Fibrillation{0.9, 0.97, {{0, 5200}}};
  const auto refused = long_recording_findings(analysis, silence(5400));
  EXPECT_NE(refused.at(0).text.en.find("is not given, because atrial fibrillation"), std::string::npos);
  EXPECT_TRUE(refused.at(0).measurements.empty());
  analysis.fibrillation = Fibrillation{0.9, 0.3, {{3600, 5400}}};
  const auto rest = long_recording_findings(analysis, silence(5400));
  EXPECT_NE(rest.at(0).text.en.find("left out"), std::string::npos);
  for (const engine::Measurement& one : rest.at(0).measurements)
    if (one.code.code == "hrv-sdnn") EXPECT_EQ(one.value, 0) << "the hour at 60 a minute";
}

TEST(EcgLongRecording, NamesItsMeasurements) {
  const auto findings = long_recording_findings(ninety_minutes(), silence(5400));
  const auto value = [&](const engine::Finding& finding, const std::string& code) {
    for (const engine::Measurement& one : finding.measurements)
      if (one.code.code == code) return one.value;
    ADD_FAILURE() << code;
    return 0.0;
  };
  EXPECT_GT(value(findings.at(0), "hrv-sdnn"), 200);
  EXPECT_GT(value(findings.at(0), "hrv-sdann"), 200);
  EXPECT_LT(value(findings.at(0), "hrv-rmssd"), 50);
  EXPECT_EQ(value(findings.at(1), "lowest-rate"), 60);
  EXPECT_EQ(value(findings.at(1), "highest-rate"), 120);
  EXPECT_EQ(findings.at(1).evidence.get("hours").size(), 2u);
}

}  // namespace
}  // namespace meridian::assistants::ecg
