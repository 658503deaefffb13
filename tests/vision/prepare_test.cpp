#include "vision/prepare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/error_of.h"

namespace meridian::vision {
namespace {

GreyImage grey(int width, int height, float value) {
  return {width, height, std::vector<float>(static_cast<std::size_t>(width) * height, value), std::nullopt};
}

// A bright box in the dark.
GreyImage framed(int width, int height, const Box& box) {
  GreyImage picture = grey(width, height, 0);
  for (int y = box.top; y < box.bottom; ++y)
    for (int x = box.left; x < box.right; ++x) picture.pixels[static_cast<std::size_t>(y) * width + x] = 0.8f;
  return picture;
}

float at(const Prepared& prepared, int x, int y) {
  return prepared.planes.at(static_cast<std::size_t>(y) * prepared.size + x);
}

TEST(Prepare, CutsDarkBordersAway) {
  const Prepared prepared = prepare(framed(100, 80, {20, 10, 80, 70}), {.crop = Crop::content, .size = 32});
  EXPECT_EQ(prepared.box.left, 20);
  EXPECT_EQ(prepared.box.top, 10);
  EXPECT_EQ(prepared.box.right, 80);
  EXPECT_EQ(prepared.box.bottom, 70);
  EXPECT_FLOAT_EQ(at(prepared, 0, 0), 204 / 255.0f);
}

TEST(Prepare, KeepsAPictureWhoseBrightPartIsSmall) {
  const Prepared prepared = prepare(framed(100, 80, {40, 30, 60, 70}), {.crop = Crop::content, .size = 32});
  EXPECT_EQ(prepared.box.width(), 100);
  EXPECT_EQ(prepared.box.height(), 80);
}

TEST(Prepare, PadsToASquareInTheMiddle) {
  const Prepared prepared = prepare(grey(100, 50, 1), {.size = 64});
  EXPECT_EQ(prepared.place.top, 16);
  EXPECT_EQ(prepared.place.bottom, 48);
  EXPECT_EQ(at(prepared, 32, 15), 0);
  EXPECT_EQ(at(prepared, 32, 16), 1);
}

TEST(Prepare, BlackensBorderAndCorners) {
  const Prepared border = prepare(grey(64, 64, 1), {.size = 64, .border = 0.1});
  EXPECT_EQ(at(border, 5, 32), 0);
  EXPECT_EQ(at(border, 6, 32), 1);
  const Prepared circle = prepare(grey(64, 64, 1), {.crop = Crop::circle, .size = 64});
  EXPECT_EQ(at(circle, 3, 3), 0);
  EXPECT_EQ(at(circle, 32, 32), 1);
}

TEST(Prepare, KeepsChannelsApart) {
  ColourImage picture{2, 2, {}, std::nullopt};
  for (int i = 0; i < 4; ++i) picture.pixels.insert(picture.pixels.end(), {255, 51, 0});
  const Prepared prepared = prepare(picture, {.fit = Fit::stretch, .size = 8});
  ASSERT_EQ(prepared.planes.size(), 3u * 64);
  EXPECT_FLOAT_EQ(prepared.planes[0], 1);
  EXPECT_FLOAT_EQ(prepared.planes[64], 0.2f);
  EXPECT_FLOAT_EQ(prepared.planes[128], 0);
}

TEST(Prepare, RefusesWhatItCannotDo) {
  EXPECT_EQ(code_of([] { prepare(GreyImage{}, {}); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { prepare(grey(4, 4, 1), {.fit = Fit::tile, .size = 8}); }), ErrorCode::invalid_value);
  const ColourImage colour{1, 1, {1, 2, 3}, std::nullopt};
  EXPECT_EQ(code_of([&] { prepare(colour, {.size = 8, .equalise = Equalisation::histogram}); }),
            ErrorCode::invalid_value);
}

TEST(Prepare, BringsAMapBackToThePicture) {
  const GreyImage picture = framed(100, 80, {20, 10, 80, 70});
  const Prepared prepared = prepare(picture, {.crop = Crop::content, .size = 32});
  const GreyImage whole = on_picture(prepared.planes.data(), 32, prepared, 100, 80);
  for (std::size_t i = 0; i < whole.pixels.size(); ++i)
    ASSERT_EQ(whole.pixels[i] > 0.5f, picture.pixels[i] > 0.5f) << i;
}

TEST(Tiles, CoverThePictureOnceEach) {
  GreyImage picture = grey(70, 50, 0);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] = static_cast<float>(i % 251) / 255;
  const Tiles tiles = cut_tiles(picture, {.fit = Fit::tile, .size = 32});
  GreyImage whole = grey(70, 50, -1);
  for (std::size_t i = 0; i < tiles.places.size(); ++i) place_tile(whole, tiles, i, tiles.planes[i].data());
  for (std::size_t i = 0; i < whole.pixels.size(); ++i) ASSERT_NEAR(whole.pixels[i], picture.pixels[i], 1e-6);
}

TEST(Tiles, ReachOverPicturesSmallerThanOne) {
  const Tiles tiles = cut_tiles(grey(5, 3, 0.4f), {.fit = Fit::tile, .size = 32});
  ASSERT_EQ(tiles.places.size(), 1u);
  EXPECT_EQ(tiles.planes[0].size(), 32u * 32);
}

TEST(PrepareVolume, StandardisesWhatIsInsideAndCentres) {
  Volume volume{2, 2, 2, {0, 2, 4, 2, 4, 2, 4, 0}, {1, 1, 1}};
  const Volume prepared = prepare_volume(volume, {4, 2, 1});
  ASSERT_EQ(prepared.voxels.size(), 8u);
  // Slices are cut about the middle, (1 - 2) / 2 rounded down: the second stays.
  EXPECT_EQ(prepared.voxels, (std::vector<float>{0, 1, -1, 0, 0, 1, 0, 0}));
  const std::vector<float> map{0, 1, 2, 0, 0, 3, 4, 0};
  EXPECT_EQ(on_volume(map.data(), {4, 2, 1}, volume), (std::vector<float>{0, 0, 0, 0, 1, 2, 3, 4}));
}

TEST(PrepareVolume, BearsVolumesWithNothingInside) {
  const Volume prepared = prepare_volume({2, 1, 1, {0, -1}, {1, 1, 1}}, {2, 1, 1});
  EXPECT_EQ(prepared.voxels, (std::vector<float>{0, 0}));
  EXPECT_EQ(code_of([] { prepare_volume({}, {1, 1, 1}); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::vision
