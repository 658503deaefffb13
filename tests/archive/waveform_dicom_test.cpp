#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "archive/dciodvfy.h"
#include "archive/parse.h"
#include "archive/waveform/dicom_ecg_reader.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "archive/waveform/reader.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/temporary_folder.h"
#include "signal/synthetic_ecg.h"

namespace meridian::archive {
namespace {

constexpr const char* kTwelveLead = "1.2.840.10008.5.1.4.1.1.9.1.1";
constexpr const char* kGeneral = "1.2.840.10008.5.1.4.1.1.9.1.2";
constexpr const char* kAmbulatory = "1.2.840.10008.5.1.4.1.1.9.1.3";

EcgFacts facts() {
  EcgFacts facts;
  facts.patient_id = "R-17";
  facts.patient_name = "Wang^Xiaodong=王^小东";
  facts.patient_birth_date = "19580321";
  facts.patient_sex = "M";
  facts.recorded = parse_instant("2026-11-24T08:15:30Z");
  return facts;
}

std::string sop_class_of(const std::string& file) {
  return parse_instance(file).facts.sop_class;
}

TEST(DicomEcg, ComesBackAsItWasWritten) {
  const signal::Recording ecg = signal::make_ecg({.seconds = 10});
  const signal::Recording back = read_dicom_ecg(compose_ecg(ecg, facts()));
  ASSERT_EQ(back.leads.size(), 12u);
  EXPECT_EQ(back.sampling_frequency, 500);
  EXPECT_EQ(back.source, "DICOM");
  EXPECT_EQ(format_instant(back.start.value()), "2026-11-24T08:15:30.000Z");
  for (std::size_t l = 0; l < 12; ++l) {
    EXPECT_EQ(back.leads[l].name, ecg.leads[l].name);
    ASSERT_EQ(back.leads[l].samples.size(), 5000u);
    for (std::size_t i = 0; i < 5000; ++i)
      ASSERT_NEAR(back.leads[l].samples[i], ecg.leads[l].samples[i], 0.0002) << l << " " << i;
  }
}

TEST(DicomEcg, BearsThePatientsFacts) {
  const InstanceFacts written = parse_instance(compose_ecg(signal::make_ecg({}), facts())).facts;
  EXPECT_EQ(written.modality, "ECG");
  EXPECT_EQ(written.patient_id, "R-17");
  EXPECT_EQ(written.patient_name, "Wang^Xiaodong=王^小东");
  EXPECT_EQ(written.patient_sex, "M");
  EXPECT_FALSE(written.key.study.empty());
}

TEST(DicomEcg, KeepsWhatWasSaidOfTheRecordingAndTheAge) {
  signal::Recording recording = signal::make_ecg({.seconds = 5});
  recording.doubts = {"I: no gain\\the rest", std::string(2000, 'x')};
  recording.unread = {"RESP: not an ECG lead"};
  const signal::Recording again = read_dicom_ecg(compose_ecg(recording, {.patient_age = dicom_age(61.9)}));
  ASSERT_EQ(again.doubts.size(), 2u);
  EXPECT_EQ(again.doubts[0], recording.doubts[0]);
  EXPECT_EQ(again.doubts[1].size(), 1024 - std::string("Doubt: ").size());
  EXPECT_EQ(again.unread, recording.unread);
  EXPECT_EQ(again.subject.age_years, 61);
  EXPECT_EQ(dicom_age(0.5), "006M");
  EXPECT_EQ(read_dicom_ecg(compose_ecg(recording, {})).subject.age_years, std::nullopt);
}

TEST(DicomEcg, ChoosesTheClassThatFits) {
  signal::Recording ecg = signal::make_ecg({.seconds = 10});
  EXPECT_EQ(sop_class_of(compose_ecg(ecg, facts())), kTwelveLead);
  ecg.leads.resize(2);
  EXPECT_EQ(sop_class_of(compose_ecg(ecg, facts())), kGeneral);
  signal::Recording slow = signal::make_ecg({.seconds = 10, .sampling_frequency = 100});
  EXPECT_EQ(sop_class_of(compose_ecg(slow, facts())), kAmbulatory);
  EXPECT_EQ(sop_class_of(compose_ecg(signal::make_ecg({.seconds = 30}), facts())), kGeneral);
  EXPECT_EQ(sop_class_of(compose_ecg(signal::make_ecg({.seconds = 120}), facts())), kAmbulatory);
}

TEST(DicomEcg, KeepsGapsLargeValuesAndUncodedLeads) {
  signal::Recording ecg{.sampling_frequency = 360, .leads = {{"MLII", std::vector<float>(720, 0.5f)}}};
  ecg.leads[0].samples[100] = std::numeric_limits<float>::quiet_NaN();
  ecg.leads[0].samples[200] = 250;
  const signal::Recording back = read_dicom_ecg(compose_ecg(ecg, facts()));
  EXPECT_EQ(back.leads[0].name, "MLII");
  EXPECT_TRUE(std::isnan(back.leads[0].samples[100]));
  EXPECT_NEAR(back.leads[0].samples[200], 250, 0.01);
  EXPECT_NEAR(back.leads[0].samples[300], 0.5, 0.01);
}

TEST(DicomEcg, IsThinnedToTheStandardsLimit) {
  const signal::Recording back =
      read_dicom_ecg(compose_ecg(signal::make_ecg({.seconds = 5, .sampling_frequency = 2000}), facts()));
  EXPECT_EQ(back.sampling_frequency, 1000);
  EXPECT_EQ(back.length(), 5000u);
}

TEST(DicomEcg, IsNotMadeOfWhatIsNoEcg) {
  EXPECT_THROW(compose_ecg({}, facts()), Error);
  EXPECT_THROW(compose_ecg({.sampling_frequency = 500, .leads = {{"I", {}}}}, facts()), Error);
  EXPECT_THROW(compose_ecg({.sampling_frequency = 500, .leads = {{"I", {1, 2}}, {"II", {1}}}}, facts()),
               Error);
  EXPECT_THROW(compose_ecg({.sampling_frequency = 10, .leads = {{"I", {1, 2}}}}, facts()), Error);
  EXPECT_THROW(compose_ecg({.sampling_frequency = std::nan(""), .leads = {{"I", {1, 2}}}}, facts()), Error);
  EXPECT_THROW(compose_ecg({.sampling_frequency = 500, .leads = {{"I", {1e30f}}}}, facts()), Error);
}

TEST(DicomEcg, RefusesCutFilesAtAnyPlace) {
  const std::string file = compose_ecg(signal::make_ecg({.seconds = 1}), facts());
  for (std::size_t size = 0; size < file.size(); size += 97)
    EXPECT_THROW(read_dicom_ecg(file.substr(0, size)), Error) << size;
}

TEST(DicomEcg, RefusesLengthsThatLie) {
  std::string file = compose_ecg(signal::make_ecg({.seconds = 1}), facts());
  // (003A,0010) UL: number of samples.
  const auto at = file.find(std::string("\x3a\x00\x10\x00UL", 6));
  ASSERT_NE(at, std::string::npos);
  file.replace(at + 8, 4, "\xff\xff\xff\x7f", 4);
  EXPECT_THROW(read_dicom_ecg(file), Error);
}

TEST(DicomEcg, IsFoundByItsContentWhenUploaded) {
  const NamedBytes files[] = {{"anything", compose_ecg(signal::make_ecg({.seconds = 2}), facts())}};
  EXPECT_EQ(read_recording(files).leads.size(), 12u);
}

TEST(DicomEcg, PassesAConformanceCheck) {
  for (const double seconds : {10.0, 30.0, 120.0})
    EXPECT_EQ(dicom_errors(compose_ecg(signal::make_ecg({.seconds = seconds}), facts())), "") << seconds;
}

}  // namespace
}  // namespace meridian::archive
