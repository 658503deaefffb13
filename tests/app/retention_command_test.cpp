// `meridian retention`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/commands/commands.h"
#include "app/core.h"
#include "archive/compose.h"
#include "base/error_of.h"
#include "base/log.h"
#include "base/temporary_folder.h"

namespace meridian::app {
namespace {

using ::testing::HasSubstr;

class RetentionCommand : public ::testing::Test {
 protected:
  RetentionCommand() {
    set_log_level(LogLevel::off);
    configuration_.data_folder = (folder_ / "data").string();
  }
  std::string printed() {
    ::testing::internal::CaptureStdout();
    retention(configuration_);
    return ::testing::internal::GetCapturedStdout();
  }
  TemporaryFolder folder_;
  Configuration configuration_;
};

TEST_F(RetentionCommand, NeedsRulesAndANode) {
  EXPECT_EQ(code_of([&] { retention(configuration_); }), ErrorCode::invalid_configuration);
  configuration_.archive_retention = "*=1";
  EXPECT_EQ(code_of([&] { retention(configuration_); }), ErrorCode::not_found);
}

// As before the first start of a version that has one more of them.
TEST_F(RetentionCommand, SaysThatADatabaseIsOfAnOlderVersion) {
  configuration_.archive_retention = "*=1";
  {
    Core core(configuration_, "/fhir");
    core.database->write([](storage::Transaction& transaction) {
      transaction.execute("DELETE FROM migration WHERE room = 'care' AND number = 1");
    });
  }
  EXPECT_EQ(code_of([&] { retention(configuration_); }), ErrorCode::invalid_configuration);
}

// Also beside a node that runs.
TEST_F(RetentionCommand, SaysWhatWouldBecomeOfEachStudy) {
  configuration_.archive_retention = "*=1";
  Core core(configuration_, "/fhir");
  vision::GreyImage image{.width = 8, .height = 4};
  image.pixels.assign(32, 0.5F);
  archive::FilmFacts film;
  film.patient_id = "P-1";
  film.study_uid = "1.2.3";
  film.taken = now();
  const care::Origin origin{trust::Principal::system(), "fetch", "", ""};
  core.care.intake.receive(archive::compose_film(image, film), origin);
  EXPECT_THAT(printed(), HasSubstr("0 studies go"));
  core.database->write([](storage::Transaction& transaction) {
    transaction.execute("UPDATE archive_instance SET stored_at = ?", {"2020-01-01T00:00:00.000Z"});
  });
  EXPECT_THAT(printed(), HasSubstr("1.2.3  DX  since 2020-01-01  kept for 1 days  1 instances"));
  EXPECT_THAT(printed(), HasSubstr("stays: the patient has a case that is not signed"));
  EXPECT_THAT(printed(), HasSubstr("1 stay. Nothing is removed unless archive.retention_apply is true."));
  core.database->write([](storage::Transaction& transaction) {
    transaction.execute("UPDATE care_case SET status = 'signed'");
  });
  EXPECT_THAT(printed(), HasSubstr("1 studies go, with 1 instances"));
  EXPECT_TRUE(core.archive.find(core.archive.instances("1.2.3").front().key.instance));
}

}  // namespace
}  // namespace meridian::app
