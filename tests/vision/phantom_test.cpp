// Drawn pictures for examples.
#include <gtest/gtest.h>

#include "base/error_of.h"
#include "vision/appearance.h"
#include "vision/phantom_field.h"
#include "vision/phantom_frame.h"

namespace meridian::vision {
namespace {

TEST(PhantomField, IsTheSameForTheSameSeedAndColouredAsTissue) {
  const ColourImage field = draw(PhantomField{256, 20, 3});
  EXPECT_EQ(field.pixels.size(), 256u * 256 * 3);
  EXPECT_EQ(field.pixels, draw(PhantomField{256, 20, 3}).pixels);
  EXPECT_NE(field.pixels, draw(PhantomField{256, 20, 4}).pixels);
  EXPECT_GT(stain_share(field).value_or(0), 0.9);
  EXPECT_EQ(code_of([] { draw(PhantomField{32}); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { draw(PhantomField{256, -1}); }), ErrorCode::invalid_value);
}

TEST(PhantomFrame, IsTheSameForTheSameSeedAndMayHaveNoPolyp) {
  const ColourImage frame = draw(PhantomFrame{128, 3});
  EXPECT_EQ(frame.pixels.size(), 128u * 128 * 3);
  EXPECT_EQ(frame.pixels, draw(PhantomFrame{128, 3}).pixels);
  EXPECT_NE(frame.pixels, draw(PhantomFrame{128, 4}).pixels);
  EXPECT_NE(frame.pixels, draw(PhantomFrame{128, 3, false}).pixels);
  EXPECT_EQ(code_of([] { draw(PhantomFrame{32}); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::vision
