// `meridian fhirpath` and `meridian validate`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/commands/commands.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::app {
namespace {

using ::testing::HasSubstr;

class FhirCommands : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) {
    write_file(folder_ / name, text);
    return folder_ / name;
  }
  template <class Function>
  static std::string printed_by(Function function) {
    ::testing::internal::CaptureStdout();
    function();
    return ::testing::internal::GetCapturedStdout();
  }
  TemporaryFolder folder_;
};

TEST_F(FhirCommands, FhirPathPrintsAnItemALine) {
  const auto json =
      file("p.json", R"({"resourceType":"Patient","name":[{"given":["A","B"]}],"active":true})");
  const auto xml = file("p.xml", R"(<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>)");
  EXPECT_EQ(printed_by([&] { fhirpath("Patient.name.given", json); }), "A\nB\n");
  EXPECT_EQ(printed_by([&] { fhirpath("name.given.count() = 2", json); }), "true\n");
  EXPECT_EQ(printed_by([&] { fhirpath("name", json); }), "{\"given\":[\"A\",\"B\"]}\n");
  EXPECT_EQ(printed_by([&] { fhirpath("active", xml); }), "true\n");
  EXPECT_EQ(printed_by([&] { fhirpath("birthDate", json); }), "");
  EXPECT_EQ(code_of([&] { fhirpath("name.", json); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([&] { fhirpath("name", file("x.json", "{")); }), ErrorCode::invalid_syntax);
}

TEST_F(FhirCommands, ValidateSaysWhatIsWrongWhere) {
  const auto good = file("good.json", R"({"resourceType":"Patient"})");
  const auto bad = file("bad.json", R"({"resourceType":"Patient","gender":"none"})");
  const auto rubbish = file("rubbish.json", "rubbish");
  int status = -1;
  EXPECT_THAT(printed_by([&] { status = validate({good}); }), HasSubstr("good.json: valid"));
  EXPECT_EQ(status, 0);
  const std::string printed = printed_by([&] { status = validate({bad, rubbish, good}); });
  EXPECT_EQ(status, 65);
  EXPECT_THAT(printed, HasSubstr("bad.json: error: "));
  EXPECT_THAT(printed, HasSubstr("at Patient.gender"));
  EXPECT_THAT(printed, HasSubstr("rubbish.json: fatal: "));
  EXPECT_THAT(printed, HasSubstr("good.json: valid"));
}

TEST_F(FhirCommands, ValidateKnowsTheProfilesOfPackages) {
  file("StructureDefinition-p.json",
       R"({"resourceType":"StructureDefinition","url":"urn:profile","type":"Patient",
      "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[
      {"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}})");
  const auto named = file("named.json", R"({"resourceType":"Patient"})");
  const auto claimed =
      file("claimed.json", R"({"resourceType":"Patient","meta":{"profile":["urn:profile"]}})");
  int status = -1;
  EXPECT_THAT(printed_by([&] { status = validate({named}, {folder_.path()}, {"urn:profile"}); }),
              HasSubstr("The element birthDate is missing at Patient.birthDate"));
  EXPECT_EQ(status, 65);
  EXPECT_THAT(printed_by([&] { status = validate({claimed}, {folder_.path()}); }),
              HasSubstr("birthDate is missing"));
  EXPECT_EQ(status, 65);
  printed_by([&] { status = validate({named}, {folder_.path()}); });
  EXPECT_EQ(status, 0) << "nobody asks for the profile";
  EXPECT_EQ(code_of([&] { validate({named}, {}, {"urn:profile"}); }), ErrorCode::not_found);
}

}  // namespace
}  // namespace meridian::app
