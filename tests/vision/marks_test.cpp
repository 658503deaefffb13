#include "vision/marks.h"

#include <gtest/gtest.h>

#include <array>

#include "base/error_of.h"
#include "vision/heat_map.h"

namespace meridian::vision {
namespace {

ColourImage grey(int width, int height) {
  return in_colour({width, height, std::vector<float>(static_cast<std::size_t>(width * height), 0.5f), {}});
}

std::array<int, 3> pixel(const ColourImage& image, int x, int y) {
  const std::uint8_t* at = &image.pixels[static_cast<std::size_t>(3 * (y * image.width + x))];
  return {at[0], at[1], at[2]};
}

constexpr std::array<int, 3> kGrey{128, 128, 128};

TEST(Marks, AreOutlinesWhereTheyAre) {
  const ColourImage drawn = marked(grey(60, 40), {{}, {{{10, 10}, {30, 10}, {30, 30}, {10, 30}}}}, 100);
  EXPECT_EQ(drawn.width, 60);
  EXPECT_NE(pixel(drawn, 20, 10), kGrey);
  EXPECT_NE(pixel(drawn, 30, 20), kGrey);
  EXPECT_EQ(pixel(drawn, 20, 20), kGrey);
  EXPECT_EQ(pixel(drawn, 40, 20), kGrey);
}

TEST(Marks, FollowThePictureWhenItIsMadeSmaller) {
  const ColourImage drawn = marked(grey(60, 40), {{}, {{{10, 10}, {30, 10}, {30, 30}, {10, 30}}}}, 30);
  EXPECT_EQ(drawn.width, 30);
  EXPECT_EQ(drawn.height, 20);
  EXPECT_NE(pixel(drawn, 10, 5), kGrey);
  EXPECT_EQ(pixel(drawn, 10, 10), kGrey);
}

TEST(Marks, HoldTheHeatMap) {
  const std::string heat = heat_map_png({2, 1, {0, 1}, {}}, {0, 0, 30, 20}, 30, 20);
  const ColourImage drawn = marked(grey(60, 40), {heat, {}}, 100);
  EXPECT_EQ(pixel(drawn, 2, 20), kGrey);
  const auto [red, green, blue] = pixel(drawn, 57, 20);
  EXPECT_GT(red, 200);
  EXPECT_LT(green, 80);
  EXPECT_LT(blue, 80);
}

TEST(Marks, RefuseWhatCannotBeDrawn) {
  EXPECT_EQ(code_of([] { marked({}, {}, 100); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { marked(grey(4, 4), {}, 0); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { marked(grey(4, 4), {"no PNG", {}}, 100); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(marked(grey(4, 4), {{}, {{}}}, 100).pixels, grey(4, 4).pixels) << "an outline without points";
}

}  // namespace
}  // namespace meridian::vision
