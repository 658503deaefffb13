#include "vision/disturbance.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <random>

#include "vision/mat.h"

namespace meridian::vision {
namespace {

GreyImage blur(const GreyImage& image) {
  cv::Mat blurred;
  cv::GaussianBlur(view(image), blurred, cv::Size(), std::max(image.width, image.height) / 400.0);
  return to_image(blurred);
}

GreyImage add_noise(const GreyImage& image) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> noise(0, 0.04f);
  GreyImage result = image;
  for (float& pixel : result.pixels) pixel = std::clamp(pixel + noise(random), 0.0f, 1.0f);
  return result;
}

GreyImage expose(const GreyImage& image, float gamma) {
  GreyImage result = image;
  for (float& pixel : result.pixels) pixel = std::pow(std::clamp(pixel, 0.0f, 1.0f), gamma);
  return result;
}

GreyImage tilt(const GreyImage& image) {
  const cv::Point2f centre(static_cast<float>(image.width) / 2, static_cast<float>(image.height) / 2);
  cv::Mat tilted;
  cv::warpAffine(view(image), tilted, cv::getRotationMatrix2D(centre, 7, 1),
                 cv::Size(image.width, image.height));
  return to_image(tilted);
}

}  // namespace

std::vector<std::pair<std::string, Disturbance>> disturbances() {
  return {{"blurred", blur},
          {"with noise", add_noise},
          {"darker", [](const GreyImage& image) { return expose(image, 1.8f); }},
          {"brighter", [](const GreyImage& image) { return expose(image, 0.55f); }},
          {"7 degrees off the upright", tilt}};
}

ColourImage disturbed(const ColourImage& image, const Disturbance& disturbance) {
  ColourImage result = image;
  GreyImage channel{image.width, image.height, std::vector<float>(image.pixels.size() / 3), image.spacing};
  for (std::size_t first = 0; first < 3; ++first) {
    for (std::size_t i = 0; i < channel.pixels.size(); ++i)
      channel.pixels[i] = static_cast<float>(image.pixels[3 * i + first]) / 255;
    const GreyImage changed = disturbance(channel);
    for (std::size_t i = 0; i < channel.pixels.size(); ++i)
      result.pixels[3 * i + first] =
          static_cast<std::uint8_t>(std::lround(std::clamp(changed.pixels[i], 0.0f, 1.0f) * 255));
  }
  return result;
}

GreyImage invert(const GreyImage& image) {
  GreyImage result = image;
  for (float& pixel : result.pixels) pixel = 1 - pixel;
  return result;
}

GreyImage quarter_turn(const GreyImage& image) {
  cv::Mat turned;
  cv::rotate(view(image), turned, cv::ROTATE_90_CLOCKWISE);
  return to_image(turned);
}

}  // namespace meridian::vision
