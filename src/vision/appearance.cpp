#include "vision/appearance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace meridian::vision {
namespace {

constexpr int kEdgeShare = 25;
constexpr double kFirstHue = 230, kLastHue = 355;  // degrees
constexpr double kLeastSaturation = 0.08, kLeastColoured = 0.05;

// Sums for the correlation of voxels with their neighbours.
struct Pairs {
  double count = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  void add(double x, double y) {
    ++count;
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  double correlation() const {
    const double spread = (aa - a * a / count) * (bb - b * b / count);
    return count > 1 && spread > 0 ? (ab - a * b / count) / std::sqrt(spread) : 0;
  }
};

}  // namespace

double edge_brightness(const GreyImage& image) {
  if (image.pixels.empty()) return 0;
  const int edge = std::max(1, std::min(image.width, image.height) / kEdgeShare);
  std::vector<float> values;
  for (int y = 0; y < image.height; ++y) {
    const bool is_whole = std::min(y, image.height - 1 - y) < edge || image.width < 2 * edge;
    const auto row = image.pixels.begin() + static_cast<std::ptrdiff_t>(y) * image.width;
    const auto end = row + image.width;
    values.insert(values.end(), row, is_whole ? end : row + edge);
    if (!is_whole) values.insert(values.end(), end - edge, end);
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::optional<double> stain_share(const ColourImage& image) {
  if (image.pixels.empty()) return {};
  const cv::Mat pixels(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat hsv;
  cv::cvtColor(pixels, hsv, cv::COLOR_RGB2HSV);  // hue in steps of 2 degrees
  double coloured = 0, stained = 0;
  for (auto at = hsv.begin<cv::Vec3b>(); at != hsv.end<cv::Vec3b>(); ++at) {
    if ((*at)[1] <= kLeastSaturation * 255) continue;
    ++coloured;
    const double hue = 2.0 * (*at)[0];
    stained += hue >= kFirstHue && hue <= kLastHue;
  }
  if (coloured < kLeastColoured * static_cast<double>(hsv.total())) return {};
  return stained / coloured;
}

VolumeAppearance appearance(const Volume& volume) {
  const std::array<int, 3> sides{volume.width, volume.height, volume.depth};
  if (*std::ranges::min_element(sides) < 2) return {};
  const std::array<std::size_t, 3> steps{
      1, static_cast<std::size_t>(sides[0]),
      static_cast<std::size_t>(sides[0]) * static_cast<std::size_t>(sides[1])};
  std::array<Pairs, 3> pairs;
  double count = 0, sum = 0, squares = 0;
  std::size_t i = 0;
  for (int z = 0; z < sides[2]; ++z)
    for (int y = 0; y < sides[1]; ++y)
      for (int x = 0; x < sides[0]; ++x, ++i) {
        const double value = static_cast<double>(volume.voxels[i]);
        const std::array<int, 3> place{x, y, z};
        for (std::size_t axis = 0; axis < 3; ++axis)
          if (place[axis] + 1 < sides[axis])
            pairs[axis].add(value, static_cast<double>(volume.voxels[i + steps[axis]]));
        if (value <= 0) continue;
        ++count;
        sum += value;
        squares += value * value;
      }
  if (count == 0) return {};
  const double mean = sum / count, variance = std::max(0.0, squares / count - mean * mean);
  return {count / static_cast<double>(i),
          (pairs[0].correlation() + pairs[1].correlation() + pairs[2].correlation()) / 3,
          std::sqrt(variance) / mean};
}

}  // namespace meridian::vision
