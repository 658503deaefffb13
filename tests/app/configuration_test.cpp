#include "app/configuration.h"

#include <gmock/gmock.h>

#include "app/commands/commands.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using testing::HasSubstr;

std::string complaint(const std::string& toml) {
  try {
    Configuration::parse(toml, "node.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_configuration);
    return error.describe();
  }
  return "accepted";
}

TEST(Configuration, WritesWhatItReads) {
  Configuration configuration;
  configuration.http_port = 9999;
  configuration.drop_folder = "/var/\"drop\"";
  const Configuration again = Configuration::parse(configuration.to_toml(), "node.toml");
  EXPECT_EQ(again.to_toml(), configuration.to_toml());
  EXPECT_EQ(again.http_port, 9999);
  EXPECT_EQ(again.drop_folder, "/var/\"drop\"");
}

TEST(Configuration, NamesTheLineAndKeyThatAreWrong) {
  EXPECT_THAT(complaint("[http]\nport = 70000\n"), HasSubstr("node.toml:2"));
  EXPECT_THAT(complaint("[http]\nprot = 80\n"), HasSubstr("no setting http.prot"));
  EXPECT_THAT(complaint("[http]\nport = \"80\"\n"), HasSubstr("http.port must be a whole number"));
  EXPECT_THAT(complaint("port = 80\n"), HasSubstr("must be a [table]"));
  EXPECT_THAT(complaint("[http\n"), HasSubstr("node.toml:1"));
  EXPECT_THAT(complaint("[node]\nlog_level = \"loud\"\n"), HasSubstr("not a log level"));
}

TEST(Configuration, DoesNotRepeatTheAddressesOfCameras) {
  for (const char* sources : {"rtsp://nurse:secret@tower/1", "rtsp://nurse:secret@tower/1?a=b",
                              "Tower=rtsp://nurse:secret@tower/1, =rtsp://nurse:secret@tower/2",
                              "Tower=/dev/video0, Tower=rtsp://nurse:secret@tower/1"}) {
    const std::string said = complaint(std::string("[live]\nsources = \"") + sources + "\"\n");
    EXPECT_THAT(said, HasSubstr("live.sources, entry"));
    EXPECT_THAT(said, testing::Not(HasSubstr("secret")));
  }
}

TEST(Configuration, NamesAPostgresqlThatBackupLeavesToItsOwnProgram) {
  const Configuration configuration = Configuration::parse(
      "[database]\nurl = \"postgresql://meridian@db.example/meridian\"\nschema = \"county\"\n", "node.toml");
  EXPECT_EQ(configuration.database_url, "postgresql://meridian@db.example/meridian");
  try {
    backup(configuration, "/nowhere");
    FAIL() << "it was copied";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_supported);
    EXPECT_THAT(error.describe(), HasSubstr("pg_dump --format=custom --schema=county"));
  }
}

TEST(Configuration, RefusesRulesOfRetentionThatAreHalfSaid) {
  EXPECT_THAT(complaint("[archive]\nretention = \"CT=\"\n"), HasSubstr("archive.retention: \"CT=\""));
  EXPECT_EQ(complaint("[archive]\nretention = \"CT/MR=3650, *=10950\"\nretention_apply = true\n"),
            "accepted");
}

}  // namespace
}  // namespace meridian::app
