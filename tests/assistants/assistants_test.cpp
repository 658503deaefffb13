// The list of all assistants, also where a part of the program is damaged.
#include "assistants/assistants.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::assistants {
namespace {

class DamagedModel : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path() / "models");
    write_file(folder_.path() / "models/polyp.onnx", "no model");
    setenv("MERIDIAN_HOME", folder_.path().c_str(), 1);
  }
  void TearDown() override { unsetenv("MERIDIAN_HOME"); }
  TemporaryFolder folder_;
};

TEST_F(DamagedModel, MakesItsOwnAssistantUnavailableAndNoOther) {
  const auto assistants = all();
  const engine::Assistant &polyp = named(assistants, "polyp"), &ecg = named(assistants, "ecg");
  ASSERT_TRUE(polyp.unavailable());
  EXPECT_NE(polyp.unavailable()->en.find("polyp.onnx is damaged"), std::string::npos);
  EXPECT_EQ(polyp.card().id, "polyp");
  try {
    polyp.run({});
    ADD_FAILURE() << "It ran";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
  EXPECT_FALSE(ecg.unavailable());
}

TEST(Assistants, AreFoundByTheirOtherNames) {
  const auto assistants = all();
  EXPECT_EQ(named(assistants, "chest_tb").card().id, "chest_xray");
  EXPECT_THROW(named(assistants, "chest"), Error);
}

}  // namespace
}  // namespace meridian::assistants
