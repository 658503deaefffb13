// Picture files in and out.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

constexpr int kLargestSide = 12'000;  // pixels; the largest detectors give some 4,300
constexpr std::int64_t kMostPixels = 64'000'000;

struct Picture {
  GreyImage grey;                     // luminance (ITU-R BT.601), whatever the file's channels
  std::optional<ColourImage> colour;  // of a file with colour channels, though all its pixels be grey
};

// Reads PNG or JPEG of 8 or 16 bits a channel. Throws unsupported_media_type for other bytes, too_large when
// a side is over kLargestSide or the whole over kMostPixels (before it is decoded), invalid_syntax when it is
// broken.
Picture decode_picture(std::string_view bytes);
// Mean difference of the largest and smallest of red, green and blue: 0 grey to 1.
double colourfulness(const ColourImage& image);
std::string encode_png(const ColourImage& image);
// 8 bits; values outside 0 to 1 are clipped.
std::string encode_png(const GreyImage& image);
// 16 bits: labels of pixels, row by row.
std::string encode_png_labels(int width, int height, const std::vector<std::uint16_t>& labels);
// quality: 1 to 100.
std::string encode_jpeg(const ColourImage& image, int quality);
// A picture with transparency, as a heat map is: row by row red, green, blue, opacity.
std::string encode_png_rgba(int width, int height, const std::vector<std::uint8_t>& rgba);

}  // namespace meridian::vision
