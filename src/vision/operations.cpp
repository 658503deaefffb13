#include "vision/operations.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr double kClipLimit = 2.0;
const cv::Size kTiles(8, 8);
constexpr float kSmallestRange = 1e-6f;

float at_share(std::vector<float>& values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

GreyImage crop(const GreyImage& image, const Box& box) {
  if (box.left < 0 || box.top < 0 || box.right > image.width || box.bottom > image.height ||
      box.width() < 1 || box.height() < 1)
    throw Error(ErrorCode::invalid_value, "The part to be cut lies outside the image");
  GreyImage part = to_image(view(image)(cv::Rect(box.left, box.top, box.width(), box.height())));
  part.spacing = image.spacing;
  return part;
}

GreyImage resize(const GreyImage& image, int width, int height) {
  if (image.pixels.empty() || width < 1 || height < 1)
    throw Error(ErrorCode::invalid_value, "An image without pixels cannot be resized");
  cv::Mat resized;
  cv::resize(view(image), resized, cv::Size(width, height), 0, 0, cv::INTER_AREA);
  return to_image(resized);
}

GreyImage stretch(const GreyImage& image, double low_share, double high_share) {
  std::vector<float> values = image.pixels;
  const float low = at_share(values, low_share), high = at_share(values, high_share);
  const float range = std::max(high - low, kSmallestRange);
  GreyImage result = image;
  for (float& pixel : result.pixels) pixel = std::clamp((pixel - low) / range, 0.0f, 1.0f);
  return result;
}

GreyImage equalise(const GreyImage& image) {
  cv::Mat grey;
  view(image).convertTo(grey, CV_8U, 255);
  cv::createCLAHE(kClipLimit, kTiles)->apply(grey, grey);
  cv::equalizeHist(grey, grey);
  cv::Mat result;
  grey.convertTo(result, CV_32F, 1.0 / 255);
  return to_image(result);
}

GreyImage apply_window(const GreyImage& values, double center, double width) {
  if (!(width > 1)) throw Error(ErrorCode::invalid_value, "A window is wider than 1");
  GreyImage grey = values;
  for (float& pixel : grey.pixels)
    pixel = static_cast<float>(std::clamp((pixel - (center - 0.5)) / (width - 1) + 0.5, 0.0, 1.0));
  return grey;
}

GreyImage mirror(const GreyImage& image) {
  cv::Mat mirrored;
  cv::flip(view(image), mirrored, 1);
  return to_image(mirrored);
}

double mean(const GreyImage& image) {
  return cv::mean(view(image))[0];
}

double deviation(const GreyImage& image) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(view(image), mean, deviation);
  return deviation[0];
}

}  // namespace meridian::vision
