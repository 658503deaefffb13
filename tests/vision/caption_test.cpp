#include "vision/caption.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace meridian::vision {
namespace {

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
