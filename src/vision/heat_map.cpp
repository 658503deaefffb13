#include "vision/heat_map.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "vision/mat.h"
#include "vision/picture.h"

namespace meridian::vision {
namespace {

constexpr double kOpacity = 170;  // of 255 at most, so that the film shows through

// Yellow to red as the heat rises.
void paint(std::uint8_t* pixel, double heat) {
  heat = std::clamp(heat, 0.0, 1.0);
  pixel[0] = 255;
  pixel[1] = static_cast<std::uint8_t>(230 * (1 - heat));
  pixel[2] = 0;
  pixel[3] = static_cast<std::uint8_t>(kOpacity * heat);
}

// Blue, green, red and opacity.
cv::Mat decoded(std::string_view png) {
  const cv::Mat bytes(1, static_cast<int>(png.size()), CV_8U, const_cast<char*>(png.data()));
  cv::Mat picture = png.empty() ? cv::Mat() : cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
  if (picture.type() != CV_8UC4 || picture.empty())
    throw Error(ErrorCode::invalid_syntax, "The heat map is no PNG with transparency");
  return picture;
}

cv::Mat opacity_of(std::string_view png) {
  cv::Mat opacity;
  cv::extractChannel(decoded(png), opacity, 3);
  return opacity;
}

}  // namespace

std::string heat_map_png(const GreyImage& map, const Box& box, int width, int height) {
  const bool outside = box.left < 0 || box.top < 0 || box.right > width || box.bottom > height;
  if (map.pixels.empty() || outside || box.width() < 1 || box.height() < 1)
    throw Error(ErrorCode::invalid_value, "The heat map does not lie on its film");
  cv::Mat enlarged;
  cv::resize(view(map), enlarged, cv::Size(box.width(), box.height()), 0, 0, cv::INTER_CUBIC);
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(width) * height * 4, 0);
  for (int y = 0; y < box.height(); ++y)
    for (int x = 0; x < box.width(); ++x)
      paint(&rgba[(static_cast<std::size_t>(y + box.top) * width + x + box.left) * 4],
            enlarged.at<float>(y, x));
  return encode_png_rgba(width, height, rgba);
}

GreyImage heat_of_png(std::string_view png) {
  cv::Mat heat;
  opacity_of(png).convertTo(heat, CV_32F, 1 / kOpacity);
  cv::min(heat, 1.0, heat);
  return to_image(heat);
}

void lay_heat_map(std::string_view png, ColourImage& film) {
  cv::Mat heat = decoded(png);
  if (film.pixels.empty()) return;
  cv::resize(heat, heat, cv::Size(film.width, film.height), 0, 0, cv::INTER_LINEAR);
  std::uint8_t* pixel = film.pixels.data();
  for (auto at = heat.begin<cv::Vec4b>(); at != heat.end<cv::Vec4b>(); ++at, pixel += 3) {
    const double opacity = (*at)[3] / 255.0;
    for (int channel = 0; channel < 3; ++channel)
      pixel[channel] =
          cv::saturate_cast<std::uint8_t>(pixel[channel] * (1 - opacity) + (*at)[2 - channel] * opacity);
  }
}

std::vector<std::uint8_t> heat_map_mask(std::string_view png, double heat, int width, int height) {
  if (width < 1 || height < 1) throw Error(ErrorCode::invalid_value, "A film has pixels");
  cv::Mat opacity = opacity_of(png);
  cv::resize(opacity, opacity, cv::Size(width, height), 0, 0, cv::INTER_LINEAR);
  std::vector<std::uint8_t> mask(opacity.total());
  std::transform(opacity.begin<std::uint8_t>(), opacity.end<std::uint8_t>(), mask.begin(),
                 [&](std::uint8_t value) { return value >= kOpacity * heat; });
  return mask;
}

}  // namespace meridian::vision
