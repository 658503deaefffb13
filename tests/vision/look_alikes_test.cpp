#include "vision/look_alikes.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/error_of.h"
#include "vision/picture.h"

namespace meridian::vision {
namespace {

Signature with_bits(std::size_t from, std::size_t count) {
  Signature signature;
  for (std::size_t i = from; i < from + count; ++i) signature.set(i);
  return signature;
}

TEST(LookAlikes, OfOnePictureHaveOneSignature) {
  GreyImage slope{34, 32, {}, std::nullopt};
  for (int i = 0; i < 34 * 32; ++i) slope.pixels.push_back(static_cast<float>(i % 34) / 40);
  EXPECT_EQ(signature_of(encode_png(slope)).count(), 256u);
  GreyImage darker = slope;
  for (float& pixel : darker.pixels) pixel *= 0.8f;
  EXPECT_EQ(signature_of(encode_png(darker)), signature_of(encode_png(slope)));
  EXPECT_EQ(code_of([] { signature_of(""); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([] { signature_of("no picture"); }), ErrorCode::invalid_syntax);
}

TEST(LookAlikes, AreGroupedThroughEachOther) {
  const auto keys = group_look_alikes({{"a", with_bits(0, 100)},
                                       {"b", with_bits(200, 20)},
                                       {"c", with_bits(40, 100)},    // 80 bits from a
                                       {"d", with_bits(20, 100)}});  // 40 bits from a and from c
  EXPECT_EQ(keys.at("a"), "a");
  EXPECT_EQ(keys.at("b"), "b");
  EXPECT_EQ(keys.at("c"), "a");
  EXPECT_EQ(keys.at("d"), "a");
}

}  // namespace
}  // namespace meridian::vision
