#include "vision/appearance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace meridian::vision {
namespace {

ColourImage painted(int coloured, std::array<std::uint8_t, 3> colour) {
  ColourImage image{10, 10, {}, {}};
  for (int i = 0; i < 100; ++i) {
    const std::array<std::uint8_t, 3> pixel =
        i < coloured ? colour : std::array<std::uint8_t, 3>{240, 240, 240};
    image.pixels.insert(image.pixels.end(), pixel.begin(), pixel.end());
  }
  return image;
}

template <class Value>
Volume filled(int side, Value value) {
  Volume volume{side, side, side, {}, {1, 1, 1}};
  for (int i = 0; i < side * side * side; ++i) volume.voxels.push_back(static_cast<float>(value(i)));
  return volume;
}

TEST(EdgeBrightness, IsTheMedianOfTheOuterTwentyFifth) {
  GreyImage image{100, 50, std::vector<float>(5000, 0.9f), {}};
  const auto paint_edge = [&](int edge, float grey) {
    for (int y = 0; y < 50; ++y)
      for (int x = 0; x < 100; ++x)
        if (std::min({x, y, 99 - x, 49 - y}) < edge)
          image.pixels[static_cast<std::size_t>(y * 100 + x)] = grey;
  };
  paint_edge(2, 0.1f);  // a twenty-fifth of the shorter side
  EXPECT_FLOAT_EQ(static_cast<float>(edge_brightness(image)), 0.1f);
  paint_edge(1, 0.8f);  // 296 of its 584 pixels
  EXPECT_FLOAT_EQ(static_cast<float>(edge_brightness(image)), 0.8f);
}

TEST(EdgeBrightness, IsOfPicturesOfAnySize) {
  EXPECT_EQ(edge_brightness({}), 0);
  EXPECT_EQ(edge_brightness({1, 1, {0.5f}, {}}), 0.5);
  EXPECT_EQ(edge_brightness({2, 3, std::vector<float>(6, 0.25f), {}}), 0.25);
}

TEST(StainShare, IsOfTheColouredPixels) {
  EXPECT_EQ(stain_share(painted(100, {150, 90, 180})), 1);   // haematoxylin
  EXPECT_EQ(stain_share(painted(100, {220, 140, 180})), 1);  // eosin
  EXPECT_EQ(stain_share(painted(50, {220, 140, 180})), 1) << "what is white does not count";
  EXPECT_EQ(stain_share(painted(100, {90, 160, 90})), 0);
}

TEST(StainShare, IsNotToldOfWhatIsHardlyColoured) {
  EXPECT_TRUE(stain_share(painted(5, {150, 90, 180})));
  EXPECT_FALSE(stain_share(painted(4, {150, 90, 180})));
  EXPECT_FALSE(stain_share(painted(0, {})));
  EXPECT_FALSE(stain_share({}));
}

TEST(VolumeAppearance, TellsWhatIsFilledAndHowItVaries) {
  const VolumeAppearance half = appearance(filled(4, [](int i) { return i % 2 == 0 ? 0 : 10; }));
  EXPECT_DOUBLE_EQ(half.filled, 0.5);
  EXPECT_DOUBLE_EQ(half.variation, 0);
  const VolumeAppearance two = appearance(filled(4, [](int i) { return i % 2 == 0 ? 10 : 30; }));
  EXPECT_DOUBLE_EQ(two.filled, 1);
  EXPECT_DOUBLE_EQ(two.variation, 0.5);  // a deviation of 10 about 20
}

TEST(VolumeAppearance, TellsSmoothVolumesFromNoise) {
  EXPECT_GT(appearance(filled(12, [](int i) { return 50 + i; })).likeness, 0.99);
  EXPECT_LT(appearance(filled(12, [](int i) { return i * 7919 % 101 + 1; })).likeness, 0.5);
}

TEST(VolumeAppearance, IsZeroWhereThereIsNothingToTell) {
  for (const Volume& volume :
       {Volume{}, Volume{4, 4, 1, std::vector<float>(16, 5), {1, 1, 1}}, filled(3, [](int) { return 0; })}) {
    const VolumeAppearance seen = appearance(volume);
    EXPECT_EQ(seen.filled + seen.likeness + seen.variation, 0);
  }
  EXPECT_EQ(appearance(filled(3, [](int) { return 7; })).likeness, 0);
}

}  // namespace
}  // namespace meridian::vision
