#include "vision/sharpness.h"

#include <opencv2/imgproc.hpp>

namespace meridian::vision {

double sharpness(const ColourImage& picture, const Box& box) {
  constexpr int kSmallest = 3;
  const cv::Mat whole(picture.height, picture.width, CV_8UC3,
                      const_cast<std::uint8_t*>(picture.pixels.data()));
  const cv::Rect there = cv::Rect(box.left, box.top, box.right - box.left, box.bottom - box.top) &
                         cv::Rect({0, 0}, whole.size());
  if (there.width < kSmallest || there.height < kSmallest) return 0;
  cv::Mat grey, edges;
  cv::cvtColor(whole(there), grey, cv::COLOR_RGB2GRAY);
  cv::Laplacian(grey, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  return deviation[0] * deviation[0];
}

}  // namespace meridian::vision
