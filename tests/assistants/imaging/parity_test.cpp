// What the program makes of a drawing is what training wrote down of the same model (docs/decisions/0007,
// Parity).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "assistants/imaging/network.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/project_folder.h"
#include "vision/prepare.h"

namespace meridian::assistants::imaging {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 260, kHeight = 300;
constexpr int kStep = 16, kVolumeStep = 4, kFewest = 20;  // of what is held of a map
constexpr double kPixelTolerance = 1e-5, kOutputTolerance = 5e-3;

std::uint8_t drawn(int x, int y, int channel) {
  return static_cast<std::uint8_t>(
      std::min(255, (3 * x * x + 5 * y * y + x * y + 101 * channel) % 997 / 8 + (x + y) / 5));
}

vision::GreyImage grey_drawing() {
  vision::GreyImage image{kWidth, kHeight, {}, std::nullopt};
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) image.pixels.push_back(static_cast<float>(drawn(x, y, 0)) / 255);
  return image;
}

vision::ColourImage colour_drawing() {
  vision::ColourImage image{kWidth, kHeight, {}, std::nullopt};
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      for (int channel = 0; channel < 3; ++channel) image.pixels.push_back(drawn(x, y, channel));
  return image;
}

vision::Volume drawn_volume() {
  vision::Volume volume{34, 50, 36, {}, {1, 1, 1}};
  for (int z = 0; z < 36; ++z)
    for (int y = 0; y < 50; ++y)
      for (int x = 0; x < 34; ++x)
        volume.voxels.push_back(static_cast<float>((3 * x * x + 5 * y * y + 7 * z * z + x * y * z) % 997));
  return volume;
}

std::vector<float> input_of(const Description& network) {
  if (network.kind == Kind::volume) return vision::prepare_volume(drawn_volume(), network.volume_size).voxels;
  if (network.prepare.fit == vision::Fit::tile)
    return network.colour ? vision::cut_tiles(colour_drawing(), network.prepare).planes.at(0)
                          : vision::cut_tiles(grey_drawing(), network.prepare).planes.at(0);
  return network.colour ? vision::prepare(colour_drawing(), network.prepare).planes
                        : vision::prepare(grey_drawing(), network.prepare).planes;
}

// Every so many values along the last two sides, of volumes along the last three; small maps whole.
std::vector<float> sampled(const std::vector<float>& values, std::vector<std::int64_t> shape,
                           bool is_volume) {
  const std::size_t sides = is_volume ? 3 : 2;
  if (shape.size() < 4 || *std::min_element(shape.begin() + 2, shape.end()) < kFewest) return values;
  const int step = is_volume ? kVolumeStep : kStep;
  std::vector<float> kept;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::size_t rest = i;
    bool is_kept = true;
    for (std::size_t side = 0; side < sides; ++side) {
      const auto length = static_cast<std::size_t>(shape[shape.size() - 1 - side]);
      is_kept = is_kept && rest % length % static_cast<std::size_t>(step) == 0;
      rest /= length;
    }
    if (is_kept) kept.push_back(values[i]);
  }
  return kept;
}

void expect_near(const Json& held, const std::vector<float>& found, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(held.size(), found.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(held.at(i).as_double(), found[i], tolerance * std::max(1.0, std::abs(held.at(i).as_double())))
        << what << " " << i;
}

void compare(const Network& network, const Json& held) {
  const Description& description = network.description();
  const bool is_volume = description.kind == Kind::volume;
  const std::vector<float> input = input_of(description);
  const std::int64_t side = description.prepare.size;
  const auto& size = description.volume_size;
  const std::vector<std::int64_t> shape =
      is_volume ? std::vector<std::int64_t>{1, 1, size[2], size[1], size[0]}
                : std::vector<std::int64_t>{1, description.channels(), side, side};
  expect_near(held.get("input"), sampled(input, shape, is_volume), kPixelTolerance, "input");
  const Network::Outputs outputs = network.run(input);
  const auto expect = [&](const char* name, const std::optional<engine::Tensor>& output) {
    if (output && held.get("outputs").contains(name))
      expect_near(held.get("outputs").get(name), sampled(output->values, output->shape, is_volume),
                  kOutputTolerance, name);
  };
  expect("probabilities", outputs.probabilities);
  expect("places", outputs.places);
  expect("masks", outputs.masks);
  expect("strangeness", outputs.strangeness);
}

TEST(ImagingParity, ProgramAndTrainingGiveTheSame) {
  int compared = 0;
  for (const auto& folder : fs::directory_iterator(project_folder() / "src/assistants")) {
    if (!fs::exists(folder.path() / "assistant.h") || !fs::exists(folder.path() / "card.json")) continue;
    const engine::Card card = engine::Card::load(folder.path().filename().string());
    if (!card.whole.contains("imaging")) continue;
    for (Description& description : parse_networks(card)) {
      if (description.model.sha256.empty()) continue;  // not trained yet
      const fs::path model = description.model.file;
      const fs::path held =
          project_folder() / "tests/assistants/imaging" / model.filename().replace_extension(".json");
      SCOPED_TRACE(model.string());
      ASSERT_TRUE(fs::exists(held)) << held;
      compare(Network(std::move(description)), Json::parse(read_file(held)));
      ++compared;
    }
  }
  if (compared == 0) GTEST_SKIP() << "no assistant has networks yet";
}

}  // namespace
}  // namespace meridian::assistants::imaging
