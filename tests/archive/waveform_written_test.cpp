// What is written as aECG, FHIR and CSV, and read again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "archive/waveform/aecg_reader.h"
#include "archive/waveform/aecg_writer.h"
#include "archive/waveform/csv_reader.h"
#include "archive/waveform/csv_writer.h"
#include "archive/waveform/fhir_writer.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

signal::Recording recording_with_gaps() {
  signal::Recording recording;
  recording.sampling_frequency = 500;
  recording.start = parse_instant("2026-11-24T08:15:30.250Z");
  recording.leads = {{"I", {0.1F, 0.2F, kNaN, kNaN, 0.5F, 0.6F}},
                     {"aVF", {-0.1F, -0.2F, kNaN, -0.4F, -0.5F, kNaN}}};
  recording.subject = {"S-1", "Li^Na", "1953-05-08", "female", {}};
  return recording;
}

void expect_same(const signal::Recording& a, const signal::Recording& b) {
  EXPECT_DOUBLE_EQ(a.sampling_frequency, b.sampling_frequency);
  EXPECT_EQ(a.start, b.start);
  EXPECT_EQ(a.subject.sex, b.subject.sex);
  ASSERT_EQ(a.leads.size(), b.leads.size());
  ASSERT_EQ(a.length(), b.length());
  for (std::size_t c = 0; c < a.leads.size(); ++c) {
    EXPECT_EQ(a.leads[c].name, b.leads[c].name);
    for (std::size_t i = 0; i < a.length(); ++i) {
      const float x = a.leads[c].samples[i], y = b.leads[c].samples[i];
      EXPECT_TRUE((std::isnan(x) && std::isnan(y)) || std::fabs(x - y) < 6e-5F) << c << " " << i;
    }
  }
}

TEST(WrittenAecg, IsReadAgainWithItsGaps) {
  const signal::Recording recording = recording_with_gaps();
  const auto again = read_aecg(compose_aecg(recording, now()));
  expect_same(recording, again);
  EXPECT_EQ(again.subject.id, "S-1");
  EXPECT_EQ(again.subject.birth_date, "1953-05-08");
  EXPECT_TRUE(again.unread.empty());
}

TEST(WrittenAecg, RefusesLeadsWithoutACode) {
  signal::Recording recording = recording_with_gaps();
  recording.leads[0].name = "MLII";
  EXPECT_THROW(compose_aecg(recording, now()), Error);
  EXPECT_THROW(compose_aecg({}, now()), Error);
}

TEST(WrittenCsv, IsReadAgainWithItsGaps) {
  const signal::Recording recording = recording_with_gaps();
  expect_same(recording, read_csv_ecg(compose_csv_ecg(recording), {}));
}

TEST(WrittenObservation, HasALeadAComponentAndSaysWhereItHasNoValue) {
  const Json observation = compose_ecg_observation(recording_with_gaps(), now());
  EXPECT_EQ(observation.text("effectivePeriod.start"), "2026-11-24T08:15:30.250Z");
  EXPECT_EQ(observation.text("subject.identifier.value"), "S-1");
  ASSERT_EQ(observation.get("component").size(), 2u);
  const Json& second = observation.get("component").at(1);
  EXPECT_EQ(second.text("code.coding.code"), "131392");  // MDC_ECG_LEAD_AVF
  EXPECT_EQ(second.get("valueSampledData.period").as_double(), 2);
  EXPECT_EQ(second.get("valueSampledData.factor").as_double(), 0.1);
  EXPECT_EQ(second.text("valueSampledData.data"), "-1000 -2000 E -4000 -5000 E");
}

}  // namespace
}  // namespace meridian::archive
