#include "vision/caption.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace meridian::vision {
namespace {

bool is_inked(const GreyImage& image) {
  return std::ranges::any_of(image.pixels, [](float value) { return value > 0.5f; });
}

TEST(Caption, HasALineForEachTextThatIsNotEmpty) {
  const GreyImage two = caption({"LI XIUYING", "", "1959-03-12"}, 20, {500, 500});
  EXPECT_EQ(two.height, 40);
  EXPECT_GT(two.width, 40);
  EXPECT_LE(two.width, 500);
  EXPECT_EQ(two.pixels.size(), static_cast<std::size_t>(two.width) * 40);
  EXPECT_TRUE(is_inked(two));
  EXPECT_TRUE(std::ranges::all_of(two.pixels, [](float value) { return value >= 0 && value <= 1; }));
}

TEST(Caption, OfNothingHasNoWidth) {
  EXPECT_EQ(caption({}, 20, {500, 500}).width, 0);
  EXPECT_EQ(caption({"", ""}, 20, {500, 500}).width, 0);
}

TEST(Caption, IsNoWiderThanAllowed) {
  const std::string name(200, 'W');
  const GreyImage image = caption({name}, 16, {120, 500});
  EXPECT_LE(image.width, 120);
  EXPECT_EQ(image.height, 16) << "it ends in an ellipsis and is not broken";
  EXPECT_TRUE(is_inked(image));
}

TEST(Caption, TakesTextForText) {
  EXPECT_EQ(caption({"a\nb"}, 16, {300, 500}).height, 16);
  EXPECT_TRUE(is_inked(caption({"<b>&</b>"}, 16, {300, 500})));
}

TEST(Caption, WritesInAnyScript) {
  const GreyImage image = caption({"Wang Xiuying", "", "王秀英"}, 20, {400, 100});
  EXPECT_GT(image.width, 0);
  EXPECT_EQ(image.height, 40);
  EXPECT_GT(*std::ranges::max_element(image.pixels), 0.5F);
}

TEST(Caption, FitsIntoAnySpace) {
  for (const int width : {-40'000, 0, 1, 9, 300, 40'000, 2'000'000'000})
    for (const int height : {-40'000, 0, 7, 8, 300, 40'000, 2'000'000'000})
      for (const int size : {-1, 0, 10, 500, 2'000'000'000}) {
        const GreyImage image = caption({"CT  HEAD", "2026-11-28"}, size, {width, height});
        EXPECT_LE(image.width, std::max(width, 0));
        EXPECT_LE(image.height, std::max(height, 0));
        EXPECT_EQ(image.pixels.size(), std::size_t(image.width) * std::size_t(image.height));
      }
  EXPECT_EQ(caption({"CT"}, 10, {300, 9}).width, 0);
  EXPECT_GT(caption({"CT"}, 10, {300, 10}).width, 0);
}

TEST(Caption, CutsLinesThatNobodyReads) {
  std::string endless;
  for (int i = 0; i < 1'000'000; ++i) endless += "王";
  const GreyImage image = caption({endless}, 10, {32'767, 20});
  EXPECT_GT(image.width, 300);
  EXPECT_LT(image.width, 2'000);
}

}  // namespace
}  // namespace meridian::vision
