#include "assistants/chest_xray/assistant.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>

#include "base/encoding.h"
#include "base/error.h"
#include "base/resource.h"
#include "engine/inference/session.h"
#include "vision/disturbance.h"
#include "vision/operations.h"
#include "vision/phantom_film.h"
#include "vision/picture.h"

namespace meridian::assistants::chest_xray {
namespace {

using vision::GreyImage;

GreyImage flat(int width, int height, float grey) {
  return {width, height, std::vector<float>(static_cast<std::size_t>(width) * height, grey), std::nullopt};
}

GreyImage noise(int side) {
  std::mt19937 random(1);
  GreyImage image = flat(side, side, 0);
  for (float& pixel : image.pixels) pixel = std::uniform_real_distribution<float>(0, 1)(random);
  return image;
}

// A bright ring with two dark islands, as an axial CT of the chest has.
GreyImage slice_like(int side) {
  GreyImage image = flat(side, side, 0);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double dx = 2.0 * x / side - 1, dy = 2.0 * y / side - 1;
      const bool body = dx * dx / 0.72 + dy * dy / 0.4 < 1;
      const bool lung = (std::abs(dx) - 0.4) * (std::abs(dx) - 0.4) / 0.06 + dy * dy / 0.12 < 1;
      image.pixels[static_cast<std::size_t>(y) * side + x] = lung ? 0.05f : body ? 0.6f : 0.0f;
    }
  return image;
}

engine::Input input_of(GreyImage image) {
  engine::Input input;
  input.image = std::move(image);
  return input;
}

class ChestXray : public testing::Test {
 protected:
  void SetUp() override {
    try {
      for (const engine::ModelFile& model : assistant_->card().models) engine::Session::load(model);
    } catch (const Error& error) {
      GTEST_SKIP() << error.describe();
    }
  }
  std::string reason_of(const engine::Input& input) const {
    const engine::Reading reading = assistant_->run(input);
    if (!reading.refused) return "";
    EXPECT_TRUE(reading.findings.empty());
    EXPECT_FALSE(reading.refused->text.en.empty());
    EXPECT_FALSE(reading.refused->text.zh.empty());
    return reading.refused->reason;
  }
  std::unique_ptr<engine::Assistant> assistant_ = make_assistant();
};

TEST_F(ChestXray, RefusesPicturesThatShowNothing) {
  EXPECT_EQ(reason_of({}), "blank");
  EXPECT_EQ(reason_of(input_of(flat(512, 512, 0))), "blank");
  EXPECT_EQ(reason_of(input_of(flat(512, 512, 1))), "blank");
  EXPECT_EQ(reason_of(input_of(flat(512, 512, std::numeric_limits<float>::quiet_NaN()))), "blank");
  EXPECT_EQ(reason_of(input_of(vision::draw({128}))), "too-small");
  EXPECT_EQ(reason_of(input_of(flat(2000, 20, 0.5f))), "too-small");
}

TEST_F(ChestXray, RefusesPicturesThatAreNoChestFilm) {
  EXPECT_EQ(reason_of(input_of(noise(512))), "not-a-chest-film");
  EXPECT_EQ(reason_of(input_of(slice_like(512))), "not-a-chest-film");
  GreyImage gradient = flat(400, 300, 0);
  for (std::size_t i = 0; i < gradient.pixels.size(); ++i)
    gradient.pixels[i] = static_cast<float>(i % 400) / 400;
  EXPECT_EQ(reason_of(input_of(gradient)), "not-a-chest-film");
}

TEST_F(ChestXray, RefusesWhatDicomSaysIsSomethingElse) {
  engine::Input input = input_of(vision::draw({}));
  input.image_facts = {"CT", "CHEST", "", ""};
  EXPECT_EQ(reason_of(input), "other-modality");
  input.image_facts = {"DX", "HAND", "", ""};
  EXPECT_EQ(reason_of(input), "other-body-part");
  input.image_facts = {"DX", "CHEST", "LL", ""};
  EXPECT_EQ(reason_of(input), "lateral-film");
  input.image_facts = {"DX", "CHEST", "PA", ""};
  input.subject.age_years = 6;
  EXPECT_EQ(reason_of(input), "outside-intended-age");
}

TEST_F(ChestXray, RefusesFilmsThatAreInvertedOrTurned) {
  EXPECT_EQ(reason_of(input_of(vision::invert(vision::draw({})))), "inverted");
  EXPECT_EQ(reason_of(input_of(vision::quarter_turn(vision::draw({})))), "turned");
}

TEST_F(ChestXray, ReadsAPhantomAndShowsWhereItLooked) {
  const engine::Reading reading = assistant_->run(input_of(vision::draw({.side = 1024, .opacity = true})));
  ASSERT_FALSE(reading.refused) << reading.refused->reason;
  ASSERT_EQ(reading.findings.size(), 1u);
  const engine::Finding& finding = reading.findings[0];
  EXPECT_EQ(finding.code.code, "A16.2");
  ASSERT_TRUE(reading.strangeness);
  EXPECT_GE(*reading.strangeness, 0);
  EXPECT_LE(*reading.strangeness, 1);
  ASSERT_TRUE(finding.probability && finding.threshold);
  EXPECT_GT(*finding.probability, 0);
  EXPECT_LT(*finding.probability, 1);
  EXPECT_EQ(finding.positive, *finding.probability >= *finding.threshold);
  const Json& lungs = finding.evidence.get("regions");
  ASSERT_EQ(lungs.size(), 2u);
  EXPECT_EQ(lungs.at(0).text("label"), "right lung");
  EXPECT_GT(lungs.at(0).get("polygon").size(), 5u);
  const Json* heat = finding.evidence.find("heat_map");
  ASSERT_TRUE(heat);
  const vision::Picture picture = vision::decode_picture(from_base64(heat->text("png")));
  EXPECT_EQ(picture.grey.width, heat->get("width").as_int());
  EXPECT_EQ(picture.grey.height, heat->get("height").as_int());
}

TEST_F(ChestXray, ReadsTheSameWhateverTheExposure) {
  GreyImage film = vision::draw({});
  const double before = *assistant_->run(input_of(film)).findings.at(0).probability;
  for (float& pixel : film.pixels) pixel = 0.2f + 0.5f * pixel;
  EXPECT_NEAR(*assistant_->run(input_of(film)).findings.at(0).probability, before, 0.05);
}

TEST(ChestXrayWithoutModels, IsUnavailableAndSaysWhy) {
  const auto assistant = make_assistant();
  const std::filesystem::path home = std::filesystem::path(testing::TempDir()) / "meridian-no-models";
  std::filesystem::create_directories(home / "models");
  for (const engine::ModelFile& model : assistant->card().models)
    std::filesystem::create_directories(home / "models" / model.file);  // a folder where the file should be
  setenv("MERIDIAN_HOME", home.c_str(), 1);
  try {
    assistant->run(input_of(vision::draw({})));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_FALSE(error.advice().empty());
  }
  unsetenv("MERIDIAN_HOME");
  std::filesystem::remove_all(home);
}

}  // namespace
}  // namespace meridian::assistants::chest_xray
