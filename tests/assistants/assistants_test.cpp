// The list of all assistants, also where a part of the program is damaged.
#include "assistants/assistants.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::assistants {
namespace {

// Files of the program, some of which are spoilt.
class DamagedProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path() / "models");
    std::filesystem::create_directories(folder_.path() / "knowledge");
    setenv("MERIDIAN_HOME", folder_.path().c_str(), 1);
  }
  void TearDown() override { unsetenv("MERIDIAN_HOME"); }
  TemporaryFolder folder_;
};

TEST_F(DamagedProgram, ModelMakesItsOwnAssistantUnavailableAndNoOther) {
  write_file(folder_.path() / "models/polyp.onnx", "no model");
  const auto assistants = all();
  const engine::Assistant &polyp = named(assistants, "polyp"), &ecg = named(assistants, "ecg");
  ASSERT_TRUE(polyp.unavailable());
  EXPECT_NE(polyp.unavailable()->en.find("polyp.onnx is damaged"), std::string::npos);
  EXPECT_EQ(polyp.card().id, "polyp");
  EXPECT_EQ(code_of([&] { polyp.run({}); }), ErrorCode::unavailable);
  EXPECT_FALSE(ecg.unavailable());
}

TEST_F(DamagedProgram, TableIsNotTakenForAModel) {
  write_file(folder_.path() / "knowledge/imaging_follow_up.csv", "assistant,class\nbreast_us,none\n");
  EXPECT_EQ(code_of([] { all(); }), ErrorCode::corrupted);
}

TEST(Assistants, AreFoundByTheirOtherNames) {
  const auto assistants = all();
  EXPECT_EQ(named(assistants, "chest_tb").card().id, "chest_xray");
  EXPECT_THROW(named(assistants, "chest"), Error);
}

}  // namespace
}  // namespace meridian::assistants
