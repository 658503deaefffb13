#include "vision/caption.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error_of.h"

namespace meridian::vision {
namespace {

bool is_inked(const GreyImage& image) {
  return std::ranges::any_of(image.pixels, [](float value) { return value > 0.5f; });
}

TEST(Caption, HasALineForEachTextThatIsNotEmpty) {
  const GreyImage two = caption({"LI XIUYING", "", "1959-03-12"}, 20, 500);
  EXPECT_EQ(two.height, 40);
  EXPECT_GT(two.width, 40);
  EXPECT_LE(two.width, 500);
  EXPECT_EQ(two.pixels.size(), static_cast<std::size_t>(two.width) * 40);
  EXPECT_TRUE(is_inked(two));
  EXPECT_TRUE(std::ranges::all_of(two.pixels, [](float value) { return value >= 0 && value <= 1; }));
}

TEST(Caption, OfNothingHasNoWidth) {
  EXPECT_EQ(caption({}, 20, 500).width, 0);
  EXPECT_EQ(caption({"", ""}, 20, 500).width, 0);
}

TEST(Caption, IsNoWiderThanAllowed) {
  const std::string name(200, 'W');
  const GreyImage image = caption({name}, 16, 120);
  EXPECT_LE(image.width, 120);
  EXPECT_EQ(image.height, 16) << "it ends in an ellipsis and is not broken";
  EXPECT_TRUE(is_inked(image));
}

TEST(Caption, TakesTextForText) {
  EXPECT_EQ(caption({"a\nb"}, 16, 300).height, 16);
  EXPECT_TRUE(is_inked(caption({"<b>&</b>"}, 16, 300)));
}

TEST(Caption, RefusesSizesThatCannotBeDrawn) {
  const auto code = [](int size, int width) { return code_of([&] { caption({"a"}, size, width); }); };
  for (const int size : {7, 1001}) EXPECT_EQ(code(size, 100), ErrorCode::invalid_value) << size;
  for (const int width : {0, 40000}) EXPECT_EQ(code(20, width), ErrorCode::invalid_value) << width;
}

}  // namespace
}  // namespace meridian::vision
