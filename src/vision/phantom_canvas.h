// What phantoms are drawn with: places and sizes as shares of the side, and chance from a seed. For the
// sources of this room alone.
#pragma once
#include <opencv2/core.hpp>
#include <random>

#include "base/error.h"

namespace meridian::vision {

class PhantomCanvas {
 protected:
  // Throws invalid_value for a side outside 64 to 4096 pixels.
  PhantomCanvas(int side, std::uint64_t seed) : side_(side), random_(seed) {
    if (side < 64 || side > 4096)
      throw Error(ErrorCode::invalid_value, "A phantom has 64 to 4096 pixels a side");
  }

  double between(double least, double most) {
    return std::uniform_real_distribution<double>(least, most)(random_);
  }
  cv::Point place(double x, double y) const { return {cvRound(x * side_), cvRound(y * side_)}; }
  cv::Size size(double x, double y) const { return {cvRound(x * side_), cvRound(y * side_)}; }
  cv::Mat blank() const { return cv::Mat::zeros(side_, side_, CV_32F); }

  const int side_;
  std::mt19937_64 random_;
};

}  // namespace meridian::vision
