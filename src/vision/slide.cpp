#include "vision/slide.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/error.h"

namespace meridian::vision {
namespace {

constexpr std::size_t kColours = 3;
constexpr std::int64_t kPart = 2048;  // pixels a side of the parts of an overview

// The smallest level that has at least so many pixels along its longer side.
std::size_t level_for(const std::vector<SlideLevel>& levels, std::int64_t longest_side) {
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (std::max(levels[i].width, levels[i].height) >= longest_side) chosen = i;
  return chosen;
}

}  // namespace

ColourImage white(int width, int height) {
  if (width < 1 || height < 1 || std::int64_t(width) * height > kMostRegionPixels)
    throw Error(ErrorCode::invalid_value, "A part of a slide is empty or too large");
  return {width, height, std::vector<std::uint8_t>(std::size_t(width) * height * kColours, 255), {}};
}

void paste(ColourImage& into, const ColourImage& part, std::int64_t left, std::int64_t top) {
  const std::int64_t begin = std::max<std::int64_t>(0, -left),
                     end = std::min<std::int64_t>(part.width, into.width - left);
  if (begin >= end) return;
  const auto bytes = static_cast<std::ptrdiff_t>((end - begin) * static_cast<std::int64_t>(kColours));
  for (std::int64_t y = std::max<std::int64_t>(0, -top); y < part.height && top + y < into.height; ++y) {
    const auto from =
        part.pixels.begin() + static_cast<std::ptrdiff_t>((y * part.width + begin) * std::int64_t(kColours));
    const auto to =
        into.pixels.begin() +
        static_cast<std::ptrdiff_t>(((top + y) * into.width + left + begin) * std::int64_t(kColours));
    std::copy(from, from + bytes, to);
  }
}

ColourImage resize(const ColourImage& image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  ColourImage out = white(width, height);
  const cv::Mat from(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat to(height, width, CV_8UC3, out.pixels.data());
  cv::resize(from, to, to.size(), 0, 0, cv::INTER_AREA);
  return out;
}

ColourImage overview(const Slide& slide, int longest_side) {
  const std::vector<SlideLevel>& levels = slide.levels();
  const std::size_t index = level_for(levels, longest_side);
  const SlideLevel& level = levels[index];
  const double scale =
      std::min(1.0, double(longest_side) / static_cast<double>(std::max(level.width, level.height)));
  const auto scaled = [scale](std::int64_t pixels) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(pixels) * scale)));
  };
  ColourImage whole = white(scaled(level.width), scaled(level.height));
  if (slide.spacing()) whole.spacing = *slide.spacing() * level.downsample / scale;
  for (std::int64_t y = 0; y < level.height; y += kPart) {
    for (std::int64_t x = 0; x < level.width; x += kPart) {
      const int width = static_cast<int>(std::min(kPart, level.width - x)),
                height = static_cast<int>(std::min(kPart, level.height - y));
      // The edges of neighbours meet: each part goes from where it begins to where the next does.
      const std::int64_t left = std::lround(double(x) * scale), top = std::lround(double(y) * scale);
      const auto right = std::lround(double(x + width) * scale),
                 bottom = std::lround(double(y + height) * scale);
      if (right <= left || bottom <= top) continue;
      paste(whole, resize(slide.read(index, x, y, width, height), int(right - left), int(bottom - top)), left,
            top);
    }
  }
  return whole;
}

}  // namespace meridian::vision
