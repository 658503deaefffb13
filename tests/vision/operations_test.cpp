#include "vision/operations.h"

#include <gtest/gtest.h>

#include <cmath>

#include <algorithm>

#include "base/error.h"
#include "vision/disturbance.h"
#include "vision/heat_map.h"
#include "vision/phantom_film.h"
#include "vision/picture.h"
#include "vision/region.h"

namespace meridian::vision {
namespace {

GreyImage numbers(int width, int height) {
  GreyImage image{width, height, {}, std::nullopt};
  for (int i = 0; i < width * height; ++i) image.pixels.push_back(static_cast<float>(i));
  return image;
}

TEST(Operations, CropTakesTheBox) {
  const GreyImage part = crop(numbers(5, 4), {1, 2, 3, 4});
  EXPECT_EQ(part.pixels, (std::vector<float>{11, 12, 16, 17}));
}

TEST(Operations, CropRefusesABoxOutside) {
  for (const Box& box :
       {Box{-1, 0, 2, 2}, Box{0, 0, 6, 2}, Box{0, 3, 2, 5}, Box{2, 2, 2, 3}, Box{3, 0, 1, 2}})
    EXPECT_THROW(crop(numbers(5, 4), box), Error);
}

TEST(Operations, ResizeTakesTheMeanOfWhatIsCovered) {
  const GreyImage small = resize(numbers(4, 2), 2, 1);
  EXPECT_EQ(small.pixels, (std::vector<float>{2.5f, 4.5f}));
  EXPECT_THROW(resize(numbers(4, 2), 0, 1), Error);
  EXPECT_THROW(resize({}, 2, 2), Error);
}

TEST(Operations, StretchMovesPercentilesToBlackAndWhite) {
  const GreyImage stretched = stretch(numbers(101, 1), 0.1, 0.9);
  EXPECT_EQ(stretched.pixels[5], 0);
  EXPECT_EQ(stretched.pixels[10], 0);
  EXPECT_FLOAT_EQ(stretched.pixels[50], 0.5f);
  EXPECT_EQ(stretched.pixels[95], 1);
  const GreyImage flat = stretch({2, 1, {0.3f, 0.3f}, std::nullopt}, 0.1, 0.9);
  EXPECT_EQ(flat.pixels, (std::vector<float>{0, 0}));
}

TEST(Operations, EqualiseTakesAwayExposure) {
  GreyImage dark = draw(PhantomFilm{256}), bright = dark;
  for (float& pixel : dark.pixels) pixel *= 0.5f;
  const GreyImage a = equalise(stretch(dark, 0, 1)), b = equalise(stretch(bright, 0, 1));
  EXPECT_NEAR(mean(a), mean(b), 0.01);
  EXPECT_NEAR(deviation(a), deviation(b), 0.01);
}

TEST(Operations, MirrorAndTurn) {
  EXPECT_EQ(mirror(numbers(3, 1)).pixels, (std::vector<float>{2, 1, 0}));
  EXPECT_EQ(quarter_turn(numbers(2, 2)).pixels, (std::vector<float>{2, 0, 3, 1}));
  EXPECT_EQ(invert({2, 1, {0.25f, 1}, std::nullopt}).pixels, (std::vector<float>{0.75f, 0}));
}

TEST(Operations, EveryDisturbanceKeepsTheSizeAndChangesTheFilm) {
  const GreyImage film = draw(PhantomFilm{128});
  for (const auto& [name, change] : disturbances()) {
    const GreyImage changed = change(film);
    EXPECT_EQ(changed.pixels.size(), film.pixels.size()) << name;
    EXPECT_NE(changed.pixels, film.pixels) << name;
    EXPECT_EQ(changed.pixels, change(film).pixels) << name;
  }
}

TEST(Regions, ComeLargestFirstWithTheirOutline) {
  GreyImage map{10, 6, std::vector<float>(60, 0.0f), std::nullopt};
  const auto fill = [&](int left, int top, int right, int bottom) {
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) map.pixels[y * 10 + x] = 1;
  };
  fill(0, 0, 2, 2);
  fill(4, 1, 9, 5);
  fill(2, 5, 3, 6);
  const std::vector<Region> regions = regions_above(map, 0.5, 2);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].area, 20);
  EXPECT_EQ(regions[0].box.left, 4);
  EXPECT_EQ(regions[0].box.bottom, 5);
  EXPECT_EQ(regions[0].outline.size(), 4u);
  EXPECT_NEAR(regions[0].centroid.x, 6.5, 1e-9);
  EXPECT_EQ(std::count(regions[0].mask.begin(), regions[0].mask.end(), 1), 20);
  EXPECT_EQ(regions[1].area, 4);
}

TEST(Regions, AreNoMoreThanAreWanted) {
  GreyImage map{9, 1, {1, 0, 1, 1, 0, 1, 1, 1, 0}, std::nullopt};
  const std::vector<Region> regions = regions_above(map, 0.5, 1, 2);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].area, 3);
  EXPECT_EQ(regions[1].area, 2);
}

TEST(Shape, IsOfTheLargestArea) {
  std::vector<std::uint8_t> mask(20 * 10, 0);
  for (int x = 3; x < 15; ++x)
    mask[static_cast<std::size_t>(4 * 20 + x)] = mask[static_cast<std::size_t>(5 * 20 + x)] = 1;
  mask[0] = 1;
  const auto shape = largest_shape(mask, 20, 10);
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->area, 24);
  EXPECT_NEAR(shape->longest, std::hypot(12, 2), 1e-4);
  EXPECT_NEAR(shape->shortest, 2, 1e-4);
  EXPECT_EQ(shape->box.left, 3);
  EXPECT_FALSE(largest_shape(std::vector<std::uint8_t>(200, 0), 20, 10));
}

// A square on its corner: its width between parallel lines is its side, not that of an upright box.
TEST(Shape, IsMeasuredBetweenParallelLinesOfAnyDirection) {
  std::vector<std::uint8_t> mask(41 * 41, 0);
  for (int y = 0; y < 41; ++y)
    for (int x = 0; x < 41; ++x)
      mask[static_cast<std::size_t>(y * 41 + x)] = std::abs(x - 20) + std::abs(y - 20) <= 20;
  const auto shape = largest_shape(mask, 41, 41);
  ASSERT_TRUE(shape);
  EXPECT_NEAR(shape->longest, std::hypot(41, 1), 1e-4);
  EXPECT_NEAR(shape->shortest, 42 / std::sqrt(2), 1e-4);
}

TEST(Objects, GoToTheNearestSeed) {
  const std::vector<std::uint8_t> mask{1, 1, 1, 1, 1, 1, 0, 1};
  const std::vector<std::uint8_t> seeds{1, 0, 0, 0, 0, 1, 0, 0};
  EXPECT_EQ(number_objects(mask, seeds, 8, 1, 1), (std::vector<std::uint16_t>{1, 1, 1, 2, 2, 2, 0, 2}));
  EXPECT_EQ(number_objects(mask, seeds, 8, 1, 4), (std::vector<std::uint16_t>{0, 0, 0, 1, 1, 1, 0, 1}));
  EXPECT_EQ(number_objects(mask, std::vector<std::uint8_t>(8, 0), 8, 1, 1), std::vector<std::uint16_t>(8, 0));
}

TEST(Window, MakesGreyOfHounsfieldUnits) {
  const GreyImage values{4, 1, {-1000, 40, 0, 80}, 0.5};
  const GreyImage grey = apply_window(values, 40, 80);
  EXPECT_EQ(grey.pixels[0], 0);
  EXPECT_NEAR(grey.pixels[1], 0.5, 0.01);
  EXPECT_EQ(grey.pixels[3], 1);
  EXPECT_EQ(grey.spacing, 0.5);
  EXPECT_THROW(apply_window(values, 40, 1), Error);
}

TEST(HeatMap, LiesOverItsBoxOnly) {
  const GreyImage map{2, 2, {0, 0, 0, 1}, std::nullopt};
  const Picture picture = decode_picture(heat_map_png(map, {10, 10, 30, 30}, 40, 40));
  EXPECT_EQ(picture.grey.width, 40);
  ASSERT_TRUE(picture.colour);
  EXPECT_GT(colourfulness(*picture.colour), 0);
  EXPECT_THROW(heat_map_png(map, {10, 10, 50, 30}, 40, 40), Error);
  EXPECT_THROW(heat_map_png({}, {10, 10, 30, 30}, 40, 40), Error);
}

TEST(PhantomFilm, IsTheSameForTheSameSeed) {
  EXPECT_EQ(draw(PhantomFilm{128, 3}).pixels, draw(PhantomFilm{128, 3}).pixels);
  EXPECT_NE(draw(PhantomFilm{128, 3}).pixels, draw(PhantomFilm{128, 4}).pixels);
  EXPECT_THROW(draw(PhantomFilm{32}), Error);
  EXPECT_THROW(draw(PhantomFilm{10000}), Error);
}

}  // namespace
}  // namespace meridian::vision
