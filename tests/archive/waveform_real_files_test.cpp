// Real recordings of every format (ecg/formats.tar.xz of the data folder).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "archive/waveform/reader.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/resource.h"

namespace meridian::archive {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class RealRecordings : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path tar = data_folder() / "ecg" / "formats.tar.xz";
    if (!fs::exists(tar)) return;
    folder_ = fs::temp_directory_path() / ("meridian-formats-" + new_id());
    fs::create_directories(folder_);
    ASSERT_EQ(std::system(("tar -C " + folder_.string() + " -xf " + tar.string()).c_str()), 0);
  }
  static void TearDownTestSuite() {
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  void SetUp() override {
    if (folder_.empty()) GTEST_SKIP() << "needs ecg/formats.tar.xz below " << data_folder();
  }
  static signal::Recording read(const char* name) { return read_recording(folder_ / name); }
  static inline fs::path folder_;
};

const signal::Lead& lead(const signal::Recording& recording, const std::string& name) {
  for (const signal::Lead& found : recording.leads)
    if (found.name == name) return found;
  throw Error(ErrorCode::not_found, "no lead " + name);
}

// The largest difference between a lead and what two others give.
double largest_difference(const signal::Recording& recording, const char* name, float of_i, float of_ii) {
  const auto &one = lead(recording, "I").samples, &two = lead(recording, "II").samples;
  double largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    largest = std::max(largest, std::fabs(static_cast<double>(lead(recording, name).samples[i] -
                                                              of_i * one[i] - of_ii * two[i])));
  return largest;
}

void expect_limb_leads_fit(const signal::Recording& recording, double step) {
  EXPECT_LE(largest_difference(recording, "III", -1, 1), step);
  EXPECT_LE(largest_difference(recording, "aVR", -0.5F, -0.5F), step);
  EXPECT_LE(largest_difference(recording, "aVL", 1, -0.5F), step);
  EXPECT_LE(largest_difference(recording, "aVF", -0.5F, 1), step);
}

TEST_F(RealRecordings, OfScpAndAecgAreTheSame) {
  // The SCP-ECG file was made from this aECG.
  const auto aecg = read("aecg_xml/fda_subject1_0.xml"), scp = read("scp/Example.scp");
  EXPECT_THAT(scp.doubts, IsEmpty());
  EXPECT_EQ(scp.subject.id, "SBJ-123");
  ASSERT_EQ(scp.sampling_frequency, 500);
  for (const signal::Lead& one : scp.leads) {
    const auto& other = lead(aecg, one.name).samples;
    ASSERT_GE(other.size(), one.samples.size());
    for (std::size_t i = 0; i < one.samples.size(); ++i)
      ASSERT_NEAR(one.samples[i], other[i], 1e-4) << one.name << i;
  }
}

TEST_F(RealRecordings, OfAecgAreRead) {
  const auto example = read("aecg_xml/hl7_Example_aECG.xml");
  EXPECT_EQ(example.leads.size(), 12u);
  EXPECT_EQ(example.sampling_frequency, 500);
  EXPECT_EQ(read("aecg_xml/fda_minimum_aecg.xml").leads.front().name, "II");
}

TEST_F(RealRecordings, OfPhilipsHaveLimbLeadsThatFit) {
  for (const char* name : {"philips_xml/129DYPRG.XML", "philips_xml/3191723_ZZDEMOPTONLY_1-04_orig.xml"}) {
    const auto recording = read(name);
    EXPECT_EQ(recording.leads.size(), 12u);
    EXPECT_GE(recording.length(), 5000u);
    EXPECT_LT(recording.length(), 5350u);
    EXPECT_EQ(recording.subject.sex, "male");
    expect_limb_leads_fit(recording, 0.0151);
  }
}

TEST_F(RealRecordings, OfMuseAreRead) {
  const auto recording = read("muse_xml/braveheart_example1.xml");
  EXPECT_EQ(recording.sampling_frequency, 500);
  EXPECT_EQ(recording.length(), 5000u);
  EXPECT_EQ(recording.leads.size(), 12u);
  EXPECT_THAT(recording.doubts, IsEmpty());
  EXPECT_EQ(read("muse_xml/braveheart_example2.xml").leads.size(), 12u);
}

TEST_F(RealRecordings, OfEdfAreRead) {
  const auto contec = read("edf/contec_0000050.edf");
  EXPECT_EQ(contec.leads.size(), 12u);
  EXPECT_EQ(contec.sampling_frequency, 800);
  expect_limb_leads_fit(contec, 0.1);
  const auto generator = read("edf/test_generator_2.edf");
  EXPECT_EQ(generator.sampling_frequency, 200);
  EXPECT_EQ(generator.leads.size(), 1u);
  EXPECT_EQ(generator.seconds(), 600);
}

TEST_F(RealRecordings, OfWfdbAreReadInEveryFormatWithTheirChecksums) {
  for (const char* name : {"wfdb/100_3chan.hea", "wfdb/binformats.hea", "wfdb/flacformats.hea",
                           "wfdb/s0010_re.hea", "wfdb/a103l.hea", "wfdb/multi-segment/041s/041s.hea"}) {
    const auto recording = read(name);
    EXPECT_THAT(recording.doubts, testing::Each(testing::HasSubstr("no gain"))) << name;
  }
  EXPECT_EQ(read("wfdb/binformats.hea").leads.size(), 10u);
  EXPECT_EQ(read("wfdb/flacformats.hea").leads.size(), 3u);
  EXPECT_EQ(read("wfdb/s0010_re.hea").subject.age_years, 81);
  EXPECT_EQ(read("wfdb/s0010_re.hea").subject.sex, "female");
  const auto segments = read("wfdb/multi-segment/041s/041s.hea");
  EXPECT_EQ(segments.sampling_frequency, 500);
  EXPECT_EQ(segments.length(), 8000u);
}

TEST_F(RealRecordings, CutAnywhereAreRefusedOrDoubted) {
  for (const char* name : {"scp/Example.scp", "edf/contec_0000050.edf", "muse_xml/braveheart_example1.xml",
                           "philips_xml/129DYPRG.XML", "aecg_xml/fda_subject1_0.xml"}) {
    const std::string bytes = read_file(folder_ / name);
    for (const double part : {0.1, 0.5, 0.9, 0.999}) {
      const NamedBytes file{
          "cut", bytes.substr(0, static_cast<std::size_t>(part * static_cast<double>(bytes.size())))};
      try {
        EXPECT_FALSE(read_recording(std::span(&file, 1)).doubts.empty()) << name << " " << part;
      } catch (const Error& error) {
        EXPECT_NE(error.code(), ErrorCode::internal);
      }
    }
  }
}

}  // namespace
}  // namespace meridian::archive
