#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "archive/waveform/reader.h"
#include "archive/waveform/wfdb.h"
#include "archive/waveform/wfdb_annotation.h"
#include "archive/waveform/wfdb_header.h"
#include "archive/waveform/wfdb_samples.h"
#include "base/error.h"
#include "base/id.h"
#include "base/temporary_folder.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (const int value : values) result.push_back(static_cast<char>(value));
  return result;
}

// Samples 1, 2, 3, 4 of one lead in format 16; their checksum is 10.
const std::string kFourSamples = bytes({1, 0, 2, 0, 3, 0, 4, 0});

signal::Recording read(const std::string& header, const std::string& data = kFourSamples) {
  const NamedBytes files[] = {{"r.hea", header}, {"r.dat", data}};
  return read_recording(files);
}

ErrorCode error_of(const std::string& header, const std::string& data = kFourSamples) {
  try {
    read(header, data);
  } catch (const Error& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  ADD_FAILURE() << "was read: " << header;
  return ErrorCode::internal;
}

TEST(Wfdb, ReadsSamplesInMillivolts) {
  const signal::Recording recording = read("r 1 250 4\nr.dat 16 2(1)/mV 16 0 1 10 0 mlii\n");
  ASSERT_EQ(recording.leads.size(), 1u);
  EXPECT_EQ(recording.sampling_frequency, 250);
  EXPECT_EQ(recording.leads[0].name, "mlii");
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(0, 0.5f, 1, 1.5f));
  EXPECT_EQ(recording.source, "WFDB");
  EXPECT_TRUE(recording.unread.empty());
}

TEST(Wfdb, TakesUnitsGainAndBaselineAsTheHeaderGivesThem) {
  EXPECT_FLOAT_EQ(read("r 1 250 4\nr.dat 16 1/uV 16 0 1 10 0 v1\n").leads[0].samples[3], 0.004f);
  EXPECT_EQ(read("r 1 250 4\nr.dat 16 1/uV 16 0 1 10 0 v1\n").leads[0].name, "V1");
  EXPECT_FLOAT_EQ(read("r 1 250 4\nr.dat 16 2 16 1 1 10 0 II\n").leads[0].samples[1], 0.5f) << "ADC zero";
  const signal::Recording assumed = read("r 1 250 4\nr.dat 16 0 16 0 1 10 0 II\n");
  EXPECT_FLOAT_EQ(assumed.leads[0].samples[3], 0.02f);
  EXPECT_THAT(assumed.doubts, ElementsAre(HasSubstr("no gain")));
}

TEST(Wfdb, LeavesOutWhatIsNoEcgAndSaysSo) {
  const signal::Recording recording =
      read("r 2 250 2\nr.dat 16 1/mmHg 16 0 1 4 0 ABP\nr.dat 16 1/mV 16 0 2 6 0 II\n");
  ASSERT_EQ(recording.leads.size(), 1u);
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(2, 4));
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("mmHg")));
}

TEST(Wfdb, ReadsHeadersWithCommentsDatesAndNoLength) {
  const signal::Recording recording =
      read("# made by hand\r\nr 1 250/250(0) 0 08:15:30 24/11/2026\r\nr.dat 16+4 1/mV\r\n# age: 60\r\n");
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(3, 4));
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.000Z");
}

TEST(Wfdb, ShiftsSkewedSignalsAndMarksMissingSamples) {
  const signal::Recording skewed = read("r 1 250 4\nr.dat 16:1 1/mV 16 0 1 10 0 II\n");
  EXPECT_EQ(skewed.leads[0].samples[0], 2);
  EXPECT_TRUE(std::isnan(skewed.leads[0].samples[3]));
  const signal::Recording missing = read("r 1 250 2\nr.dat 16 1/mV\n", bytes({1, 0, 0, 0x80}));
  EXPECT_TRUE(std::isnan(missing.leads[0].samples[1]));
}

TEST(Wfdb, BringsSlowSignalsToTheFastestRate) {
  const std::string data = bytes({1, 0, 2, 0, 10, 0, 3, 0, 4, 0, 20, 0});
  const signal::Recording recording =
      read("r 2 100 2\nr.dat 16x2 1/mV 16 0 1 10 0 I\nr.dat 16 1/mV 16 0 10 30 0 II\n", data);
  EXPECT_EQ(recording.sampling_frequency, 200);
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(recording.leads[1].samples, ElementsAre(10, 15, 20, 20));
}

TEST(Wfdb, JoinsSegmentsAndFillsGaps) {
  const NamedBytes files[] = {{"whole.hea", "whole/3 1 250 5\na 2\n~ 1\nb 2\n"},
                              {"segment_a.hea", ""},
                              {"a.hea", "a 1 250 2\na.dat 16 1/mV 16 0 1 3 0 II\n"},
                              {"b.hea", "b 1 250 2\nb.dat 16 1/mV 16 0 3 7 0 II\n"},
                              {"a.dat", kFourSamples.substr(0, 4)},
                              {"b.dat", kFourSamples.substr(4)}};
  const signal::Recording recording = read_wfdb(files_of_upload(files), "whole");
  ASSERT_EQ(recording.length(), 5u);
  EXPECT_EQ(recording.leads[0].samples[1], 2);
  EXPECT_TRUE(std::isnan(recording.leads[0].samples[2]));
  EXPECT_EQ(recording.leads[0].samples[4], 4);
}

TEST(Wfdb, RefusesGapsThatAreFarLongerThanTheSegments) {
  const NamedBytes files[] = {{"whole.hea", "whole/2 1 250 200000002\n~ 200000000\na 2\n"},
                              {"a.hea", "a 1 250 2\na.dat 16 1/mV 16 0 1 3 0 II\n"},
                              {"a.dat", kFourSamples.substr(0, 4)}};
  try {
    read_wfdb(files_of_upload(files), "whole");
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large);
    EXPECT_THAT(error.what(), HasSubstr("gaps"));
  }
}

TEST(Wfdb, RefusesSlowSignalsThatWouldBecomeTooLongAtTheFastestRate) {
  std::string header = "r 700 1 1000\nr.dat 8x1000 1/mV 16 0 0 0 0 I\n";
  for (int i = 1; i < 700; ++i) header += "r.dat 8 1/mV 16 0 0 0 0 V1\n";
  EXPECT_EQ(error_of(header, std::string(1699 * 1000, '\0')), ErrorCode::too_large);
}

TEST(Wfdb, TheCaseOfItsFilesNamesDoesNotMatter) {
  const NamedBytes files[] = {{"R.HEA", "r 1 250 4\nr.dat 16 1/mV 16 0 1 10 0 II\n"},
                              {"R.DAT", kFourSamples}};
  EXPECT_EQ(read_recording(files).length(), 4u);
}

TEST(Wfdb, KnowsTheSegmentsOfAVariableLayout) {
  const NamedBytes files[] = {
      {"w.hea", "w/4 2 250 6\nlayout 0\n~ 1\na 2\nb 3\n"},
      {"layout.hea", "layout 2 250 0\n~ 0 1/mV 16 0 0 0 0 I\n~ 0 1/mV 16 0 0 0 0 II\n"},
      {"a.hea", "a 1 250 2\na.dat 16 1/mV 16 0 1 3 0 II\n"},
      {"b.hea", "b 2 250 3\nb.dat 80 1/mV 8 0 1 6 0 I\nc.dat 80 1/mV 8 0 1 6 0 V1\n"},
      {"a.dat", kFourSamples.substr(0, 4)},
      {"b.dat", bytes({129, 130, 131})},
      {"c.dat", bytes({129, 130, 131})}};
  const signal::Recording recording = read_recording(files);
  ASSERT_EQ(recording.leads.size(), 2u);
  ASSERT_EQ(recording.length(), 6u);
  EXPECT_TRUE(std::isnan(recording.leads[0].samples[0]));
  EXPECT_EQ(recording.leads[1].samples[2], 2);
  EXPECT_TRUE(std::isnan(recording.leads[1].samples[3]));
  EXPECT_EQ(recording.leads[0].samples[5], 3);
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("b V1")));
  EXPECT_THAT(wfdb_file_names(files_of_upload(files), "w"),
              ElementsAre("w.hea", "layout.hea", "a.hea", "a.dat", "b.hea", "b.dat", "c.dat"));
}

TEST(Wfdb, NamesNoFileOutsideItsFolder) {
  const NamedBytes files[] = {{"r.hea", "r 1 250 4\n../secret.dcm 16 1/mV\n"}};
  EXPECT_THROW(wfdb_file_names(files_of_upload(files), "r"), Error);
}

TEST(Wfdb, ReadsAgeAndSexFromComments) {
  const auto subject = [](const std::string& comments) {
    return read("r 1 250 4\nr.dat 16 1/mV\n" + comments).subject;
  };
  for (const char* comments : {"# age: 81\n# sex: female\n", "#<age>: 81  <sex>: F  <diagnoses> none\n",
                               "# Age: 81\n# Sex: Female\n", "# 81 F 1085 1629 x1\n# Aldomet\n"}) {
    EXPECT_EQ(subject(comments).age_years, 81) << comments;
    EXPECT_EQ(subject(comments).sex, "female") << comments;
  }
  EXPECT_EQ(subject("# age: unknown\n# Produced by xform\n").age_years, std::nullopt);
  EXPECT_EQ(subject("# Age: 300\n").age_years, std::nullopt);
}

TEST(Wfdb, DoubtsAChecksumOrAFirstSampleThatDoesNotAgree) {
  EXPECT_THAT(read("r 1 250 4\nr.dat 16 1/mV 16 0 1 11 0 II\n").doubts, ElementsAre(HasSubstr("checksum")));
  EXPECT_THAT(read("r 1 250 4\nr.dat 16 1/mV 16 0 7 0 0 II\n").doubts,
              ElementsAre(HasSubstr("initial value")));
  EXPECT_TRUE(read("r 1 250 4\nr.dat 16 1/mV 16 0 7 10 0 II\n").doubts.empty())
      << "the checksum bears it out";
}

TEST(Wfdb, RefusesDamagedRecords) {
  EXPECT_EQ(error_of("r 1 250 4\nr.dat 16 1/mV 16 0 7 11 0 II\n"), ErrorCode::corrupted) << "both";
  EXPECT_EQ(error_of("r 1 250 5\nr.dat 16 1/mV 16 0 1 10 0 II\n"), ErrorCode::invalid_structure)
      << "cut short";
  EXPECT_EQ(error_of("r 1 250 4\nr.dat 16+900 1/mV\n"), ErrorCode::invalid_structure) << "offset";
  EXPECT_EQ(error_of("r 1 250 4\nr.dat 17 1/mV\n"), ErrorCode::not_supported);
  EXPECT_EQ(error_of("r 2 250 4\nr.dat 16 1/mV\n"), ErrorCode::invalid_syntax) << "one signal line of two";
  EXPECT_EQ(error_of("r 99999999999999999999 250\n"), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("r 1 0 4\nr.dat 16 1/mV\n"), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("r 1 nan 4\nr.dat 16 1/mV\n"), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of(""), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("r/2 1 250 4\nr 2\nr 2\n"), ErrorCode::not_supported) << "a record within itself";
  EXPECT_EQ(error_of("r/1 1 250\n~ 18446744073709551615\n"), ErrorCode::too_large);
}

TEST(Wfdb, RefusesNamesThatLeaveTheFolder) {
  for (const char* name : {"../r.dat", "/etc/passwd", "a/b.dat", "..", "..\\r.dat"})
    EXPECT_EQ(error_of("r 1 250 4\n" + std::string(name) + " 16 1/mV\n"), ErrorCode::invalid_value) << name;
  EXPECT_EQ(error_of("r 1 250 4\nother.dat 16 1/mV\n"), ErrorCode::not_found);
}

class WfdbFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "record");
    write("record/r.hea", "r 1 250 4\nr.dat 16 1/mV 16 0 1 10 0 II\n");
  }
  void write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  TemporaryFolder folder_;
};

TEST_F(WfdbFolder, IsReadByTheHeaderOrByAnyFileOfTheRecord) {
  write("record/r.dat", kFourSamples);
  EXPECT_EQ(read_recording(folder_ / "record/r.hea").length(), 4u);
  EXPECT_EQ(read_recording(folder_ / "record/r.dat").length(), 4u);
}

TEST_F(WfdbFolder, RefusesALinkThatLeavesIt) {
  write("secret.dat", kFourSamples);
  std::filesystem::create_symlink(folder_ / "secret.dat", folder_ / "record/r.dat");
  EXPECT_THROW(read_recording(folder_ / "record/r.hea"), Error);
}

TEST_F(WfdbFolder, OfSomethingElseIsNoRecording) {
  write("record/note.txt", "hello");
  try {
    read_recording(folder_ / "record/note.txt");
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported_media_type);
  }
  EXPECT_THROW(read_recording(std::span<const NamedBytes>()), Error);
}

std::vector<std::int32_t> decode(int format, std::string_view stored, std::size_t count,
                                 std::size_t first = 0) {
  std::vector<std::int32_t> samples(count);
  decode_wfdb_samples(format, stored, first, samples);
  return samples;
}

TEST(WfdbSamples, AreDecodedInEachFormat) {
  EXPECT_THAT(decode(8, bytes({1, 0xff}), 2), ElementsAre(1, -1));
  EXPECT_THAT(decode(16, bytes({0xff, 0xff}), 1), ElementsAre(-1));
  EXPECT_THAT(decode(24, bytes({1, 0, 0x80}), 1), ElementsAre(-8388607));
  EXPECT_THAT(decode(32, bytes({0xfe, 0xff, 0xff, 0xff}), 1), ElementsAre(-2));
  EXPECT_THAT(decode(61, bytes({1, 2}), 1), ElementsAre(258));
  EXPECT_THAT(decode(80, bytes({0, 129}), 2), ElementsAre(-128, 1));
  EXPECT_THAT(decode(160, bytes({0, 0x80, 1, 0x80}), 2), ElementsAre(0, 1));
  EXPECT_THAT(decode(212, bytes({0xe3, 0x33, 0xf3}), 2), ElementsAre(995, 1011));
  EXPECT_THAT(decode(212, bytes({0xff, 0x0f}), 1), ElementsAre(-1)) << "a cut pair";
  EXPECT_THAT(decode(310, bytes({0xfe, 0x0f, 0x02, 0xf8}), 3), ElementsAre(-1, 1, -31));
  EXPECT_THAT(decode(311, bytes({0xff, 0x07, 0x20, 0}), 3), ElementsAre(-1, 1, 2));
}

TEST(WfdbSamples, AreCountedWholeOnly) {
  EXPECT_EQ(wfdb_samples_in(212, 0), 0u);
  EXPECT_EQ(wfdb_samples_in(212, 2), 1u);
  EXPECT_EQ(wfdb_samples_in(212, 3), 2u);
  EXPECT_EQ(wfdb_samples_in(212, 4), 2u);
  EXPECT_EQ(wfdb_samples_in(310, 6), 4u);
  EXPECT_EQ(wfdb_samples_in(311, 3), 2u);
  EXPECT_EQ(wfdb_samples_in(16, 5), 2u);
}

TEST(WfdbAnnotations, AreReadWithTimesAndTexts) {
  // N at 18; rhythm note at 18 + 70 with "(AFIB" as text; skip of 65536 + 5 and V.
  const std::string file = bytes({18, 1 << 2, 70,      28 << 2, 5, 63 << 2, '(', 'A', 'F',    'I', 'B',
                                  0,  0,      59 << 2, 1,       0, 5,       0,   0,   5 << 2, 0,   0});
  const auto annotations = read_wfdb_annotations(file);
  ASSERT_EQ(annotations.size(), 3u);
  EXPECT_EQ(annotations[0].symbol, "N");
  EXPECT_EQ(annotations[0].sample, 18);
  EXPECT_EQ(annotations[1].symbol, "+");
  EXPECT_EQ(annotations[1].text, "(AFIB");
  EXPECT_EQ(annotations[2].symbol, "V");
  EXPECT_EQ(annotations[2].sample, 88 + 65541);
}

TEST(WfdbAnnotations, RefuseACutFile) {
  EXPECT_THROW(read_wfdb_annotations(bytes({200, 63 << 2, 'x'})), Error);
  EXPECT_THROW(read_wfdb_annotations(bytes({0, 59 << 2, 1})), Error);
  EXPECT_TRUE(read_wfdb_annotations("").empty());
}

}  // namespace
}  // namespace meridian::archive
