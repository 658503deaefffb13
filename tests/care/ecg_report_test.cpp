#include "care/print/ecg_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "care/print/pdf.h"
#include "signal/synthetic_ecg.h"

namespace meridian::care {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

EcgReport report(bool chinese) {
  EcgReport report{.chinese = chinese};
  report.patient = "王建国  Wang Jianguo";
  report.findings.push_back(
      {{"Bradycardia.", "心动过缓。"}, 0.8, 0.5, true, {{{"Heart rate", "心率"}, "42 bpm"}}, false});
  report.beats = {{500, 'V', false}};
  return report;
}

// Of the page tree: the number that follows its "/Count".
std::size_t pages_of(const std::string& pdf) {
  const std::size_t at = pdf.find("/Count ");
  return at == std::string::npos ? 0 : std::stoul(pdf.substr(at + 7, 8));
}

TEST(EcgReport, IsAPdfWithItsFontsEmbedded) {
  for (const bool chinese : {false, true}) {
    const std::string pdf = ecg_pdf(report(chinese), signal::make_ecg({.seconds = 10}));
    EXPECT_THAT(pdf, StartsWith("%PDF-1."));
    EXPECT_THAT(pdf, EndsWith("%%EOF\n"));
    EXPECT_THAT(pdf, HasSubstr("/FontFile")) << "or the characters are the reader's to find";
    EXPECT_GE(pages_of(pdf), 2u);
  }
}

TEST(EcgReport, TakesAnyRecording) {
  signal::Recording one = signal::make_ecg({.seconds = 6});
  one.leads.resize(1);
  std::fill(one.leads[0].samples.begin(), one.leads[0].samples.end(),
            std::numeric_limits<float>::quiet_NaN());
  one.leads[0].samples[100] = std::numeric_limits<float>::infinity();
  signal::Recording empty;
  signal::Recording many = signal::make_ecg({.seconds = 20});
  for (signal::Lead& lead : many.leads) lead.name = "\xff\xfe" + lead.name;  // no UTF-8
  for (const signal::Recording& recording : {one, empty, many})
    EXPECT_THAT(ecg_pdf(report(true), recording), StartsWith("%PDF-1."));
}

TEST(EcgReport, GoesOnOverAsManyPagesAsItNeeds) {
  EcgReport longest = report(false);
  for (int i = 0; i < 200; ++i)
    longest.findings.push_back({{"A statement of some length.", ""}, {}, {}, true, {}, false});
  EXPECT_GT(pages_of(ecg_pdf(longest, signal::make_ecg({.seconds = 10}))), 5u);
}

EcgReport long_report(bool chinese, int hours) {
  EcgReport long_one = report(chinese);
  long_one.recorded = parse_instant("2026-11-24T10:00:00Z");
  for (int hour = 0; hour < hours; ++hour)
    long_one.course.hours.push_back({hour * 3600.0, 70, 50, 120, 4200, 3, 2, 0, 600, 410});
  for (const double from : {0.0, 100.0, 296.0, 1e6})
    long_one.course.stretches.push_back(
        {{"Fastest minute: 120/min", "最快的一分钟：120次/分"}, from, from, false});
  return long_one;
}

TEST(EcgReport, OfALongRecordingBeginsWithItsSummary) {
  signal::Recording recording = signal::make_ecg({.seconds = 300, .sampling_frequency = 250});
  for (const bool chinese : {false, true}) {
    const std::size_t of_a_day = pages_of(ecg_pdf(long_report(chinese, 24), recording));
    EXPECT_EQ(of_a_day, 4u) << "hours; three stretches and one; findings";
    EXPECT_EQ(pages_of(ecg_pdf(long_report(chinese, 24 * 7), recording)), of_a_day + 2)
        << "84 lines of hours";
    EXPECT_EQ(pages_of(ecg_pdf(report(chinese), recording)), 2u) << "of which nothing is told but findings";
  }
  recording.leads.resize(1);
  recording.leads[0].samples.assign(recording.leads[0].samples.size(),
                                    std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(pages_of(ecg_pdf(long_report(true, 24), recording)), 3u) << "stretches of one lead are lower";
  const signal::Recording brief = signal::make_ecg({.seconds = 10});
  EXPECT_EQ(pages_of(ecg_pdf(long_report(false, 24), brief)), 2u);
}

TEST(EcgReport, BreaksAParagraphThatNoPageHolds) {
  EcgReport longest = report(true);
  for (int i = 0; i < 4000; ++i) longest.conclusion += "心电图示窦性心律。";
  EXPECT_GT(pages_of(ecg_pdf(longest, signal::make_ecg({.seconds = 10}))), 8u);
  longest.conclusion = std::string(8000, 'x') + "\n\n" + std::string(200, '\n') + "\xff";
  EXPECT_GT(pages_of(ecg_pdf(longest, signal::make_ecg({.seconds = 10}))), 4u);
}

TEST(Pdf, TellsOfCharactersThatNoFontHas) {
  Pdf pdf(100, 100, "zh-CN", "Test");
  pdf.text(10, 10, "王建国 Wang");
  EXPECT_EQ(pdf.unknown_characters(), 0u);
  pdf.text(10, 20, "王\U0010FFFD");  // of a private plane
  EXPECT_EQ(pdf.unknown_characters(), 1u);
}

TEST(Pdf, BreaksTextIntoTheLinesThatItSets) {
  Pdf pdf(100, 100, "en", "Test");
  const std::vector<std::string> lines = pdf.lines_of("one two three\nfour", {.size = 10, .width = 50});
  EXPECT_GE(lines.size(), 3u);
  EXPECT_EQ(lines.back(), "four");
}

}  // namespace
}  // namespace meridian::care
