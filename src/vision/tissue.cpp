#include "vision/tissue.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace meridian::vision {

std::vector<std::uint8_t> find_tissue(const ColourImage& overview) {
  constexpr double kLeastSaturation = 15;  // of 255: glass with a tint of the lamp stays below
  constexpr double kMostSaturation = 50;   // a slide full of dark stain must not hide its pale parts
  constexpr int kSpeck = 3;                // pixels
  const cv::Mat picture(overview.height, overview.width, CV_8UC3,
                        const_cast<std::uint8_t*>(overview.pixels.data()));
  cv::Mat hsv, saturation, otsu, tissue;
  cv::cvtColor(picture, hsv, cv::COLOR_RGB2HSV);
  cv::extractChannel(hsv, saturation, 1);
  cv::medianBlur(saturation, saturation, kSpeck);
  const double found = cv::threshold(saturation, otsu, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  tissue = saturation > std::clamp(found, kLeastSaturation, kMostSaturation);
  const cv::Mat kernel = cv::getStructuringElement(cv::MORPH_ELLIPSE, {kSpeck, kSpeck});
  cv::morphologyEx(tissue, tissue, cv::MORPH_CLOSE, kernel);
  cv::morphologyEx(tissue, tissue, cv::MORPH_OPEN, kernel);
  std::vector<std::uint8_t> mask(static_cast<std::size_t>(overview.width) * overview.height);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = tissue.data[i] != 0;
  return mask;
}

}  // namespace meridian::vision
