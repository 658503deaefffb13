#include "vision/picture.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"

namespace meridian::vision {
namespace {

GreyImage slope(int width, int height) {
  GreyImage image{width, height, {}, std::nullopt};
  for (int i = 0; i < width * height; ++i) image.pixels.push_back(static_cast<float>(i % 256) / 255);
  return image;
}

ErrorCode code_of(std::string_view bytes) {
  try {
    decode_picture(bytes);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(Picture, ComesBackFromPngAsItWas) {
  const GreyImage image = slope(64, 48);
  const Picture picture = decode_picture(encode_png(image));
  EXPECT_EQ(picture.grey.width, 64);
  EXPECT_EQ(picture.grey.height, 48);
  EXPECT_FALSE(picture.colour);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    ASSERT_NEAR(picture.grey.pixels[i], image.pixels[i], 1e-6);
}

TEST(Picture, ReadsSixteenBits) {
  // 2 x 1 pixels of 16 bits, 0x0100 and 0xFFFF, made with another program.
  const std::string png = from_base64(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgZPj/HwADBgIAur1OMAAAAABJRU5ErkJggg==");
  const Picture picture = decode_picture(png);
  EXPECT_NEAR(picture.grey.pixels.at(0), 256.0 / 65535, 1e-6);
  EXPECT_NEAR(picture.grey.pixels.at(1), 1, 1e-6);
}

TEST(Picture, TellsColourFromGrey) {
  std::vector<std::uint8_t> red;
  for (int i = 0; i < 100; ++i) red.insert(red.end(), {255, 0, 0, 255});
  const Picture picture = decode_picture(encode_png_rgba(10, 10, red));
  ASSERT_TRUE(picture.colour);
  EXPECT_EQ(std::vector<std::uint8_t>(picture.colour->pixels.begin(), picture.colour->pixels.begin() + 3),
            (std::vector<std::uint8_t>{255, 0, 0}));
  EXPECT_NEAR(colourfulness(*picture.colour), 1, 1e-6);
}

TEST(Picture, KeepsColoursThroughPng) {
  const ColourImage image{2, 1, {10, 20, 30, 200, 100, 0}, std::nullopt};
  const Picture picture = decode_picture(encode_png(image));
  ASSERT_TRUE(picture.colour);
  EXPECT_EQ(picture.colour->pixels, image.pixels);
  EXPECT_NEAR(picture.grey.pixels.at(0) * 255, 0.299 * 10 + 0.587 * 20 + 0.114 * 30, 0.51);
}

TEST(Picture, RefusesWhatIsNone) {
  EXPECT_EQ(code_of(""), ErrorCode::unsupported_media_type);
  EXPECT_EQ(code_of("GIF89a"), ErrorCode::unsupported_media_type);
  EXPECT_EQ(code_of(std::string_view("\xFF\xD8\xFF\xE0\x00\x04\x00\x00", 8)), ErrorCode::invalid_syntax);
}

TEST(Picture, RefusesBrokenPictures) {
  const std::string png = encode_png(slope(64, 48));
  for (const std::size_t length : {24ul, 40ul, 60ul})
    EXPECT_EQ(code_of(std::string_view(png).substr(0, length)), ErrorCode::invalid_syntax) << length;
}

TEST(Picture, RefusesHugePicturesBeforeDecodingThem) {
  std::string png = encode_png(slope(4, 4));
  png.replace(16, 8, std::string("\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF", 8));
  EXPECT_EQ(code_of(png), ErrorCode::too_large);
  png.replace(16, 8,
              std::string("\x00\x00\x2E\x00\x00\x00\x2E\x00", 8));  // each side allowed, together too many
  EXPECT_EQ(code_of(png), ErrorCode::too_large);
  const std::string jpeg("\xFF\xD8\xFF\xC0\x00\x0B\x08\xFF\xFF\xFF\xFF\x01\x01\x11\x00", 15);
  EXPECT_EQ(code_of(jpeg), ErrorCode::too_large);
}

TEST(Picture, RefusesPicturesWithoutPixels) {
  std::string png = encode_png(slope(4, 4));
  png.replace(16, 4, std::string(4, '\0'));
  EXPECT_EQ(code_of(png), ErrorCode::invalid_syntax);
}

}  // namespace
}  // namespace meridian::vision
