// `meridian read --json` and `meridian convert` on recordings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/commands/commands.h"
#include "archive/waveform/csv_writer.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/temporary_folder.h"
#include "signal/synthetic_ecg.h"

namespace meridian::app {
namespace {

using testing::HasSubstr;

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    made_ = signal::make_annotated_ecg({.seconds = 12});
    made_.recording.subject.sex = "female";
    made_.recording.subject.age_years = 61;
    write_file(file("ecg.csv"), archive::compose_csv_ecg(made_.recording));
  }
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }
  static Json read_json(const std::filesystem::path& path) {
    testing::internal::CaptureStdout();
    read({.files = {path}, .json = true});
    return Json::parse(testing::internal::GetCapturedStdout());
  }
  TemporaryFolder folder_;
  signal::AnnotatedEcg made_;
};

std::vector<std::int64_t> samples_of(const Json& beats) {
  std::vector<std::int64_t> samples;
  for (const Json& beat : beats.items()) samples.push_back(beat.get("sample").as_int());
  return samples;
}

TEST_F(Recordings, AreReadIntoBeatsAndWavesInTheirOwnSamples) {
  const Json reading = read_json(file("ecg.csv"));
  EXPECT_TRUE(reading.get("refused").is_null());
  EXPECT_EQ(reading.get("recording").text("source"), "CSV");
  EXPECT_EQ(reading.get("recording").get("sampling_frequency").as_double(), 500);
  EXPECT_EQ(reading.get("recording").text("sex"), "female");
  EXPECT_EQ(reading.get("recording").get("age_years").as_double(), 61);
  const auto found = samples_of(reading.get("beats"));
  ASSERT_EQ(found.size(), made_.beats.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], made_.beats[i].sample, 20);
  for (const Json& wave : reading.get("delineation").items()) {
    EXPECT_LE(wave.get("onset").as_int(), wave.get("peak").as_int());
    EXPECT_LE(wave.get("peak").as_int(), wave.get("offset").as_int());
  }
}

TEST_F(Recordings, AreMonitoredALineAnEvent) {
  testing::internal::CaptureStdout();
  monitor({.source = file("ecg.csv").string(), .target = {}});
  const std::string lines = testing::internal::GetCapturedStdout();
  const Json first = Json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_NEAR(first.get("beat").get("sample").as_int(), made_.beats.front().sample, 20);
  EXPECT_EQ(first.get("beat").text("aami_class"), "N");
  const auto count = static_cast<std::size_t>(std::ranges::count(lines, '\n'));
  EXPECT_LE(made_.beats.size() - count, 2u) << "the last beats are not settled";
}

TEST_F(Recordings, AreReadAlikeFromWhatTheyAreConvertedTo) {
  const auto expected = samples_of(read_json(file("ecg.csv")).get("beats"));
  for (const char* name : {"ecg.dcm", "ecg.xml", "again.csv"}) {
    convert(file("ecg.csv"), file(name));
    const Json reading = read_json(file(name));
    const auto found = samples_of(reading.get("beats"));
    ASSERT_EQ(found.size(), expected.size()) << name;
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1) << name;
    EXPECT_EQ(reading.get("recording").text("sex"), "female") << name;
  }
}

TEST_F(Recordings, AreWrittenAsObservationsThatFhirAllows) {
  convert(file("ecg.csv"), file("ecg.json"));
  testing::internal::CaptureStdout();
  const int status = validate({file("ecg.json")}, {}, {});
  EXPECT_EQ(status, 0) << testing::internal::GetCapturedStdout();
}

TEST_F(Recordings, ThatAreRefusedSayWhatTheyAre) {
  made_.recording.leads.resize(1);
  made_.recording.leads[0].samples.resize(1000);
  write_file(file("short.csv"), archive::compose_csv_ecg(made_.recording));
  const Json reading = read_json(file("short.csv"));
  EXPECT_EQ(reading.text("refused.reason"), "too-short");
  EXPECT_TRUE(reading.get("beats").is_null());
  EXPECT_EQ(reading.get("recording").get("samples").as_int(), 1000);
}

TEST_F(Recordings, OfAFolderAreThoseThatDeclareThemselves) {
  write_file(file("letter.xml"), "<letter/>");
  write_file(file("table.csv"), "a,b\n1,2\n");
  testing::internal::CaptureStdout();
  EXPECT_EQ(read({.files = {folder_.path()}, .json = true}), 0);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), testing::Not(HasSubstr("letter")));
  EXPECT_THROW(convert(file("ecg.csv"), file("ecg.pdf")), Error);
}

}  // namespace
}  // namespace meridian::app
