#include "archive/waveform/edf_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "archive/recording_makers.h"
#include "base/error_of.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Edf, ReadsLeadsInMillivolts) {
  const auto recording =
      read_edf(make_edf({"X", "", 1, 1, -2, {{"I", "uV", {1000, -500}}, {"ii", "mV", {1, 2}}}}));
  EXPECT_EQ(recording.sampling_frequency, 2);
  ASSERT_EQ(recording.leads.size(), 2u);
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(1, -0.5F));
  EXPECT_EQ(recording.leads[1].name, "II");
  EXPECT_THAT(recording.leads[1].samples, ElementsAre(1, 2));
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.000Z");
  EXPECT_THAT(recording.doubts, IsEmpty());
}

TEST(Edf, TakesOnlyWhatIsMarkedAsEcgWhereSomethingIs) {
  const auto recording = read_edf(make_edf(
      {"X", "", 1, 1, -2, {{"EEG Fpz", "uV", {1, 2}}, {"ECG V1", "uV", {3, 4}}, {"Flow", "l/min", {5, 6}}}}));
  ASSERT_EQ(recording.leads.size(), 1u);
  EXPECT_EQ(recording.leads[0].name, "V1");
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("EEG Fpz"), HasSubstr("l/min")));
}

TEST(Edf, ReadsThePatientAndCountsAnnotationsOfEdfPlus) {
  const auto recording = read_edf(
      make_edf({"MCH-1 F 02-MAY-1951 Haagse_Harry",
                "EDF+C",
                1,
                2,
                -2,
                {{"ECG I", "uV", {1, 2, 3, 4}},
                 {"", "", {}, std::string("+0\x14\x14\0+0.5\x14lead off\x14\0", 19) + "|+1\x14\x14"}}}));
  EXPECT_EQ(recording.subject.sex, "female");
  EXPECT_EQ(recording.subject.birth_date, "1951-05-02");
  EXPECT_EQ(recording.subject.id, "MCH-1");
  EXPECT_EQ(recording.subject.name, "Haagse Harry");
  EXPECT_EQ(recording.length(), 4u);
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("1 annotations")));
}

TEST(Edf, LeavesGapsBetweenDiscontinuousRecords) {
  const auto recording = read_edf(
      make_edf({"X",
                "EDF+D",
                1,
                2,
                -2,
                {{"ECG I", "uV", {1000, 2000, 3000, 4000}}, {"", "", {}, "+0\x14\x14|+3\x14\x14"}}}));
  ASSERT_EQ(recording.length(), 8u);
  EXPECT_EQ(recording.leads[0].samples[1], 2);
  EXPECT_TRUE(std::isnan(recording.leads[0].samples[2]));
  EXPECT_EQ(recording.leads[0].samples[6], 3);
}

TEST(Edf, BringsSlowSignalsToTheFastestRateAndReadsBdf) {
  const auto recording = read_edf(make_edf(
      {"X", "", 1, 1, -2, {{"ECG I", "uV", {0, 1000, 2000, 3000}}, {"ECG II", "uV", {0, 2000}}}, true}));
  EXPECT_EQ(recording.source, "BDF");
  EXPECT_THAT(recording.leads[1].samples, ElementsAre(0, 1, 2, 2));
}

TEST(Edf, SaysWhenItWasCut) {
  std::string file = make_edf({"X", "", 1, 3, -2, {{"I", "uV", {1, 2, 3}}}});
  file.resize(file.size() - 1);
  const auto recording = read_edf(file);
  EXPECT_EQ(recording.length(), 2u);
  EXPECT_THAT(recording.doubts, ElementsAre(HasSubstr("cut short")));
}

TEST(Edf, RefusesDamagedFiles) {
  const std::string good = make_edf({"X", "", 1, 1, -2, {{"I", "uV", {1, 2}}}});
  for (const std::size_t size : {0, 100, 255, 300, 479})
    EXPECT_EQ(code_of([&] { read_edf(good.substr(0, size)); }), ErrorCode::invalid_syntax) << size;
  EXPECT_EQ(code_of([&] { read_edf(good.substr(0, 512)); }), ErrorCode::invalid_structure);
  std::string other = good;
  other.replace(252, 4, "99  ");
  EXPECT_EQ(code_of([&] { read_edf(other); }), ErrorCode::invalid_syntax) << "signals";
  other = good;
  other.replace(244, 8, "nan     ");
  EXPECT_EQ(code_of([&] { read_edf(other); }), ErrorCode::invalid_syntax) << "duration";
  other = good;
  other.replace(256 + 16 + 80 + 8, 8, "32767   ");
  EXPECT_EQ(code_of([&] { read_edf(other); }), ErrorCode::invalid_structure) << "empty range";
  EXPECT_EQ(code_of([&] {
              read_edf(make_edf({"X", "", 1, 1, -2, {{"Resp", "uV", {1}}}}));
            }),
            ErrorCode::invalid_structure);
  const MadeEdf far{"X", "EDF+D", 1,
                    2,   -2,      {{"ECG I", "uV", {1, 2}}, {"", "", {}, "+0\x14\x14|+99999\x14\x14"}}};
  EXPECT_EQ(code_of([&] { read_edf(make_edf(far)); }), ErrorCode::too_large) << "a gap of a day";
}

}  // namespace
}  // namespace meridian::archive
