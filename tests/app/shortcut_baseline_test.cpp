#include "app/bench/shortcut_baseline.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace meridian::app {
namespace {

TEST(GlobalNumbers, AreOfTheWholePicture) {
  vision::GreyImage image{100, 50, std::vector<float>(5000, 0.5f), std::nullopt};
  for (std::size_t i = 0; i < 100; ++i) image.pixels[i] = 1;      // the first row, in the border
  for (std::size_t i = 2500; i < 2600; ++i) image.pixels[i] = 0;  // one in the middle
  const GlobalNumbers numbers = global_numbers(image);
  EXPECT_EQ(numbers[0], 2);
  EXPECT_NEAR(numbers[1], 0.5, 1e-6);
  EXPECT_GT(numbers[3], 0.5);
  EXPECT_NEAR(numbers[4], 0.02, 1e-9);
  EXPECT_NEAR(numbers[5], 0.02, 1e-9);
}

TEST(ShortcutBaseline, LearnsWhatOneNumberTells) {
  std::vector<GlobalNumbers> pictures;
  std::vector<bool> labels;
  for (int i = 0; i < 40; ++i) {
    pictures.push_back({1, i * 0.02, 0.2, 0.1, 0.3, 0});
    labels.push_back(i >= 20);
  }
  const ShortcutBaseline shortcut(pictures, labels);
  EXPECT_LT(shortcut.score(pictures.front()), 0);
  EXPECT_GT(shortcut.score(pictures.back()), 0);
  EXPECT_THROW(ShortcutBaseline(pictures, std::vector<bool>(40, true)), Error);
}

}  // namespace
}  // namespace meridian::app
