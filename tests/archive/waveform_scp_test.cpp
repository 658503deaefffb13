#include "archive/waveform/scp_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/recording_makers.h"
#include "archive/waveform/scp_file.h"
#include "base/error_of.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;

const Values kWave{0, 3, 10, 300, -2000, 150, 9, 8, 8, 7, 0, -1};

std::vector<float> millivolts(const Values& microvolts) {
  std::vector<float> values;
  for (const int value : microvolts) values.push_back(static_cast<float>(value) / 1000);
  return values;
}

MadeScp two_leads() {
  MadeScp made;
  made.leads = {kWave, Values(kWave.rbegin(), kWave.rend())};
  made.lead_numbers = {1, 61};
  made.length = static_cast<int>(kWave.size());
  return made;
}

TEST(Scp, ReadsEachWayOfStoring) {
  for (const bool packed : {true, false})
    for (const int differences : {0, 1, 2}) {
      MadeScp made = two_leads();
      made.packed = packed;
      made.differences = differences;
      const auto recording = read_scp(make_scp(made));
      EXPECT_EQ(recording.sampling_frequency, 500);
      ASSERT_EQ(recording.leads.size(), 2u);
      EXPECT_EQ(recording.leads[0].name, "I");
      EXPECT_EQ(recording.leads[1].name, "III");
      EXPECT_THAT(recording.leads[0].samples, Pointwise(FloatNear(1e-6F), millivolts(kWave)));
      EXPECT_THAT(recording.doubts, IsEmpty()) << packed << differences;
    }
}

TEST(Scp, ReadsTablesOfItsOwnAndSwitchesBetweenThem) {
  // Table 1: "0" is 5, "1" leads to table 2. Table 2: "0" is a number of 4 bits added to 1, "1" leads back.
  const std::string tables(
      "\x02\0"
      "\x02\0"
      "\x01\x01\x01\x05\0\0\0\0\0"
      "\x01\x01\x00\x02\0\x01\0\0\0"
      "\x02\0"
      "\x01\x05\x01\x01\0\0\0\0\0"
      "\x01\x01\x00\x01\0\x01\0\0\0",
      42);
  MadeScp made = two_leads();
  made.tables = tables;
  made.packed = false;
  made.differences = 0;
  made.length = 4;
  // 0 | 1 0 1110 | 1 0 -> 5, 1 - 2, and back for 5; then 5 again: bits 0101 1101 00
  made.leads = {{static_cast<std::int16_t>(0x005D)}, {static_cast<std::int16_t>(0x005D)}};
  const auto recording = read_scp(make_scp(made));
  EXPECT_THAT(recording.leads[0].samples, Pointwise(FloatNear(1e-6F), millivolts({5, -1, 5, 5})));
}

TEST(Scp, AddsTheReferenceBeatThatWasSubtracted) {
  MadeScp made = two_leads();
  made.leads = {Values(12, 1), Values(12, 2)};
  made.beat = {100, 200, 300};
  made.beat_fiducial = 2;
  made.beat_subtracted = true;
  made.complexes = {{0, 3, 4, 5}, {1, 6, 7, 8}, {0, 10, 11, 11}};
  const auto recording = read_scp(make_scp(made));
  EXPECT_THAT(recording.leads[0].samples,
              Pointwise(FloatNear(1e-6F), millivolts({1, 1, 101, 201, 301, 1, 1, 1, 1, 101, 201, 1})));
}

TEST(Scp, StretchesWhatLiesBetweenProtectedZones) {
  MadeScp made = two_leads();
  made.length = 12;
  made.interval = 8000;
  made.bimodal = true;
  made.beat = {0, 0};
  made.complexes = {{0, 0, 0, 0, 5, 8}};
  made.leads = {{10, 1, 2, 3, 4, 20}, {10, 1, 2, 3, 4, 20}};
  const auto recording = read_scp(make_scp(made));
  EXPECT_EQ(recording.sampling_frequency, 500);
  ASSERT_EQ(recording.length(), 12u);
  const auto& samples = recording.leads[0].samples;
  EXPECT_FLOAT_EQ(samples[0], 0.010F);
  EXPECT_FLOAT_EQ(samples[1], 0.010F);
  EXPECT_NEAR(static_cast<double>(samples[3]), 0.0046, 1e-6);
  EXPECT_FLOAT_EQ(samples[4], 0.001F);
  EXPECT_FLOAT_EQ(samples[7], 0.004F);
  EXPECT_FLOAT_EQ(samples[11], 0.020F);
}

TEST(Scp, SaysWhoseItIsAndWhen) {
  MadeScp made = two_leads();
  made.subject = scp_field(0, std::string("J\xfcrgens\0", 8)) + scp_field(1, std::string("Ann\0", 4)) +
                 scp_field(2, std::string("S-1\0", 4)) + scp_field(4, std::string("\x06\0\x02", 3)) +
                 scp_field(5, std::string("\xa1\x07\x05\x08", 4)) + scp_field(8, "\x02") +
                 scp_field(25, std::string("\xea\x07\x0b\x18", 4)) + scp_field(26, "\x08\x0f\x1e");
  const auto recording = read_scp(make_scp(made));
  EXPECT_EQ(recording.subject.name, "J\xc3\xbcrgens^Ann");
  EXPECT_EQ(recording.subject.id, "S-1");
  EXPECT_EQ(recording.subject.sex, "female");
  EXPECT_EQ(recording.subject.birth_date, "1953-05-08");
  EXPECT_NEAR(recording.subject.age_years.value(), 0.5, 1e-6);
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.000Z");
}

TEST(Scp, DoubtsWhatItsChecksumsDoNotBear) {
  std::string file = make_scp(two_leads());
  file.back() = static_cast<char>(file.back() ^ 1);  // the fill of the last bits
  EXPECT_THAT(read_scp(file).doubts, ElementsAre(HasSubstr("of the file"), HasSubstr("section 6")));
  EXPECT_THAT(read_scp(make_scp(two_leads()) + "xx").doubts, IsEmpty());
}

TEST(Scp, RefusesDamagedFiles) {
  const std::string good = make_scp(two_leads());
  for (std::size_t size = 0; size < good.size(); size += 7)
    EXPECT_EQ(code_of([&] { read_scp(good.substr(0, size)); }), ErrorCode::invalid_structure) << size;
  MadeScp made = two_leads();
  made.length = 1'000'000;
  EXPECT_EQ(code_of([&] { read_scp(make_scp(made)); }), ErrorCode::invalid_structure)
      << "more samples than bits";
  made = two_leads();
  made.beat = {1, 2, 3};
  made.beat_subtracted = true;
  made.beat_fiducial = 1;
  made.complexes = {{0, 3, 3, 5}, {0, 4, 4, 6}};
  EXPECT_EQ(code_of([&] { read_scp(make_scp(made)); }), ErrorCode::invalid_structure) << "overlapping beats";
}

}  // namespace
}  // namespace meridian::archive
