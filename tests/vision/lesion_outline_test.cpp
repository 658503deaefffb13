// What an outline on ultrasound says, on drawn lesions.
#include "vision/lesion_outline.h"

#include <gtest/gtest.h>

#include <cmath>

namespace meridian::vision {
namespace {

constexpr int kSide = 200;

struct Drawn {
  std::vector<std::uint8_t> mask = std::vector<std::uint8_t>(kSide * kSide, 0);
  GreyImage picture{kSide, kSide, std::vector<float>(kSide* kSide, 0.5F), {}};

  // A lesion about the middle of the upper half, whose radius goes with the angle; below it lies a grey.
  Drawn(double across, double deep, double spicules, float behind) {
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const auto i = static_cast<std::size_t>(y * kSide + x);
        const double dx = (x - 100) / across, dy = (y - 70) / deep;
        const double radius = 1 + spicules * std::cos(12 * std::atan2(dy, dx));
        mask[i] = std::hypot(dx, dy) <= radius;
        if (std::abs(dx) < 1 && dy > 1) picture.pixels[i] = behind;
        if (mask[i]) picture.pixels[i] = 0.1F;
      }
  }
  LesionOutline outline() const { return lesion_outline(mask, picture).value(); }
};

TEST(LesionOutline, OfAnOvalIsSmoothAndWide) {
  const LesionOutline oval = Drawn(40, 20, 0, 0.5F).outline();
  EXPECT_GT(oval.oval, 0.95);
  EXPECT_GT(oval.smooth, 0.92);
  EXPECT_NEAR(oval.tall, 0.5, 0.05);
  EXPECT_NEAR(oval.behind.value(), 1, 0.05);
}

TEST(LesionOutline, TellsSpiculesHeightAndShadow) {
  EXPECT_LT(Drawn(40, 30, 0.35, 0.5F).outline().oval, 0.85);
  EXPECT_LT(Drawn(40, 30, 0.35, 0.5F).outline().smooth, 0.92);
  EXPECT_GT(Drawn(20, 35, 0, 0.5F).outline().tall, 1.5);
  EXPECT_LT(Drawn(40, 20, 0, 0.1F).outline().behind.value(), 0.5);
  EXPECT_GT(Drawn(40, 20, 0, 0.9F).outline().behind.value(), 1.5);
}

TEST(LesionOutline, IsNotOfWhatIsTooSmallOrALine) {
  const Drawn nothing(1, 1, 0, 0.5F);
  EXPECT_FALSE(lesion_outline(nothing.mask, nothing.picture));
  std::vector<std::uint8_t> line(kSide * kSide, 0);
  for (int x = 0; x < kSide; ++x) line[static_cast<std::size_t>(5 * kSide + x)] = 1;
  const auto flat = lesion_outline(line, nothing.picture);
  ASSERT_TRUE(flat);
  EXPECT_LT(flat->tall, 0.01);
}

// Where the picture ends just below it, nothing is said of what lies behind.
TEST(LesionOutline, SaysNothingOfWhatIsNotOnThePicture) {
  std::vector<std::uint8_t> mask(kSide * kSide, 0);
  for (int y = 150; y < kSide; ++y)
    for (int x = 60; x < 140; ++x) mask[static_cast<std::size_t>(y * kSide + x)] = 1;
  EXPECT_FALSE(lesion_outline(mask, Drawn(40, 20, 0, 0.5F).picture)->behind);
}

}  // namespace
}  // namespace meridian::vision
