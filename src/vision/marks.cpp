#include "vision/marks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "vision/heat_map.h"
#include "vision/slide.h"

namespace meridian::vision {
namespace {

const cv::Scalar kInk(0, 230, 255);  // red, green, blue: cyan is on no film, slide or mucosa
constexpr int kLinesAcross = 320;    // widths of a line in the longer side
constexpr int kFraction = 4;         // bits of OpenCV's parts of a pixel

cv::Point place_of(const Point& point, double scale) {
  const auto scaled = [&](double value) { return cvRound(value * scale * (1 << kFraction)); };
  return {scaled(point.x), scaled(point.y)};
}

void draw(const std::vector<Point>& outline, double scale, int thickness, cv::Mat& pixels) {
  std::vector<cv::Point> points;
  points.reserve(outline.size());
  for (const Point& point : outline) points.push_back(place_of(point, scale));
  cv::polylines(pixels, points, true, kInk, thickness, cv::LINE_AA, kFraction);
}

}  // namespace

ColourImage in_colour(const GreyImage& image) {
  ColourImage colour{image.width, image.height, {}, image.spacing};
  colour.pixels.reserve(image.pixels.size() * 3);
  for (const float value : image.pixels)
    colour.pixels.insert(colour.pixels.end(), 3,
                         static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0f, 1.0f))));
  return colour;
}

ColourImage marked(const ColourImage& picture, const Marks& marks, int longest_side) {
  if (picture.pixels.empty() || longest_side < 1)
    throw Error(ErrorCode::invalid_value, "A picture with marks has pixels");
  const double scale =
      std::min(1.0, static_cast<double>(longest_side) / std::max(picture.width, picture.height));
  const auto side = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  ColourImage drawn = scale < 1 ? resize(picture, side(picture.width), side(picture.height)) : picture;
  if (!marks.heat_map.empty()) lay_heat_map(marks.heat_map, drawn);
  cv::Mat pixels(drawn.height, drawn.width, CV_8UC3, drawn.pixels.data());
  const int thickness = std::max(1, std::max(drawn.width, drawn.height) / kLinesAcross);
  for (const std::vector<Point>& outline : marks.outlines)
    if (!outline.empty()) draw(outline, scale, thickness, pixels);
  return drawn;
}

}  // namespace meridian::vision
