#include "archive/waveform/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "archive/waveform/reader.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kDeclared =
    "# made by hand\n# sampling_frequency: 250\n# unit: uV\n# sex: F\n# age_years: 60\n";

std::string error_of(const std::string& table, const std::string& sidecar = {}) {
  try {
    read_csv_ecg(table, sidecar);
  } catch (const Error& error) {
    return error.describe();
  }
  return "was read";
}

TEST(Csv, IsReadAsItsCommentsDeclare) {
  const NamedBytes file{"table.txt", kDeclared + "time,ii,\"V1\",RESP\r\n0,1000,-500,1\r\n0.004,2e3,,1\n"};
  const auto recording = read_recording(std::span(&file, 1));
  EXPECT_EQ(recording.source, "CSV");
  EXPECT_EQ(recording.sampling_frequency, 250);
  ASSERT_EQ(recording.leads.size(), 2u);
  EXPECT_EQ(recording.leads[0].name, "II");
  EXPECT_THAT(recording.leads[0].samples, ElementsAre(1, 2));
  EXPECT_FLOAT_EQ(recording.leads[1].samples[0], -0.5F);
  EXPECT_TRUE(std::isnan(recording.leads[1].samples[1]));
  EXPECT_EQ(recording.subject.sex, "female");
  EXPECT_EQ(recording.subject.age_years, 60);
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("RESP")));
}

TEST(Csv, IsReadAsItsJsonDeclares) {
  const NamedBytes files[] = {
      {"a.csv", "some;heading\n1;2\n3;4\n"},
      {"a.json", R"({"sampling_frequency": 100, "unit": "mV", "leads": ["I", "II"], "skip_lines": 1})"}};
  const auto recording = read_recording(files);
  EXPECT_THAT(recording.leads[1].samples, ElementsAre(2, 4));
}

TEST(Csv, SaysWhereItIsWrong) {
  EXPECT_THAT(error_of(kDeclared + "I,II\n1,2\n1\n"), HasSubstr("line 8"));
  EXPECT_THAT(error_of(kDeclared + "I,II\n1,2,5\n"), HasSubstr("3 columns"));
  EXPECT_THAT(error_of(kDeclared + "I,II\n1,x\n"), HasSubstr("\"x\" is not a number"));
  EXPECT_THAT(error_of(kDeclared + "1,2\n"), HasSubstr("no names"));
  EXPECT_THAT(error_of(kDeclared + "I,II\n"), HasSubstr("no row"));
  EXPECT_THAT(error_of("# unit: mV\nI\n1\n"), HasSubstr("no sampling_frequency"));
  EXPECT_THAT(error_of("# unit: mmHg\n# sampling_frequency: 5\nI\n1\n"), HasSubstr("no unit"));
  EXPECT_THAT(error_of("1\n", "{\"sampling_frequency\": \"x\"}"), HasSubstr("number"));
  EXPECT_FALSE(is_csv_with_layout("I,II\n1,2\n"));
}

}  // namespace
}  // namespace meridian::archive
