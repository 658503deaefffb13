// What the training scripts make of a drawing, and what the program makes of it.
#include "parity.h"

#include <gtest/gtest.h>

#include "assistants/chest_xray/film.h"
#include "base/error.h"
#include "engine/inference/session.h"

namespace meridian::assistants::chest_xray {
namespace {

// Whole numbers until the last step, so that it is the same in training/chest_xray/export.py.
vision::GreyImage drawing() {
  vision::GreyImage image{260, 300, {}, std::nullopt};
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      image.pixels.push_back(
          static_cast<float>((x * x * 3 + y * y * 5 + x * y) % 997 / 1994.0 + (x + y) / 1120.0));
  return image;
}

const vision::Box kBox{20, 30, 240, 280};

std::vector<float> every(int step, const vision::GreyImage& image) {
  std::vector<float> pixels;
  for (int y = 0; y < image.height; y += step)
    for (int x = 0; x < image.width; x += step)
      pixels.push_back(image.pixels[static_cast<std::size_t>(y) * image.width + x]);
  return pixels;
}

void expect_near(const std::vector<float>& found, const std::vector<float>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], tolerance) << i;
}

class ChestXrayParity : public testing::Test {
 protected:
  std::vector<engine::Tensor> run(std::size_t model, int side, const vision::GreyImage& input) {
    const engine::Card card = engine::Card::load("chest_xray");
    try {
      return engine::Session::load(card.models.at(model))->run({{{1, 1, side, side}, input.pixels}});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      return {};
    }
  }
};

TEST_F(ChestXrayParity, PreparesAFilmForTheGate) {
  expect_near(every(28, gate_input(drawing())), parity::kGateInput, 1e-4);
}

// One of 255 grey values may fall the other way where a rounding does.
TEST_F(ChestXrayParity, PreparesTheLungsForTheReader) {
  expect_near(every(32, reader_input(drawing(), kBox)), parity::kReaderInput, 0.02);
}

// The shipped weights are float16; the scripts computed with float32 weights.
TEST_F(ChestXrayParity, TheGateSaysWhatItSaidInTraining) {
  const auto outputs = run(0, kGateSize, gate_input(drawing()));
  if (outputs.empty()) GTEST_SKIP() << "the model or ONNX Runtime is not installed";
  expect_near(outputs.at(0).values, parity::kKinds, 0.02);
  const int side = static_cast<int>(outputs.at(1).shape.back());
  expect_near(every(16, {side, side, outputs.at(1).values, std::nullopt}), parity::kLungs, 0.03);
}

TEST_F(ChestXrayParity, TheReaderSaysWhatItSaidInTraining) {
  const auto outputs = run(1, kReaderSize, reader_input(drawing(), kBox));
  if (outputs.empty()) GTEST_SKIP() << "the model or ONNX Runtime is not installed";
  expect_near(outputs.at(0).values, parity::kProbability, 0.02);
  expect_near(outputs.at(1).values, parity::kPlaces, 0.1);
}

}  // namespace
}  // namespace meridian::assistants::chest_xray
