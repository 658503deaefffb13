// On real films, where the data folder has them.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "assistants/chest_xray/assistant.h"
#include "base/error.h"
#include "base/resource.h"
#include "engine/inference/session.h"
#include "vision/picture.h"

namespace meridian::assistants::chest_xray {
namespace {

// One file of data/img/SET.tar.
std::string file_of(const std::string& set, const std::string& file) {
  const std::string archive = (data_folder() / "img" / (set + ".tar")).string();
  const std::string command = "tar -xOf '" + archive + "' '" + set + "/" + file + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string bytes;
  char block[65536];
  while (const std::size_t count = fread(block, 1, sizeof block, pipe.get())) bytes.append(block, count);
  return bytes;
}

class ChestXrayOnRealFilms : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data_folder() / "img" / "shenzhen_tb.tar"))
      GTEST_SKIP() << "no films in " << data_folder();
    try {
      for (const engine::ModelFile& model : assistant_->card().models) engine::Session::load(model);
    } catch (const Error& error) {
      GTEST_SKIP() << error.describe();
    }
  }
  engine::Reading read(const std::string& set, const std::string& file) const {
    engine::Input input;
    input.image = vision::decode_picture(file_of(set, file)).grey;
    return assistant_->run(input);
  }
  std::unique_ptr<engine::Assistant> assistant_ = make_assistant();
};

TEST_F(ChestXrayOnRealFilms, ReadsAChestFilm) {
  const engine::Reading reading = read("shenzhen_tb", "images/CHNCXR_0001_0.jpg");
  ASSERT_FALSE(reading.refused);
  EXPECT_EQ(reading.findings.size(), 1u);
  EXPECT_EQ(reading.findings[0].evidence.get("regions").size(), 2u);
}

TEST_F(ChestXrayOnRealFilms, RefusesOtherPictures) {
  EXPECT_TRUE(read("chest_ct_cancer", "images/adenocarcinoma_0045.jpg").refused);
  EXPECT_TRUE(read("fracture_xray", "images/fractured_0105.jpg").refused);
  EXPECT_TRUE(read("odir_dr", "images/4500_left.jpg").refused);
}

}  // namespace
}  // namespace meridian::assistants::chest_xray
