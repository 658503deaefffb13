#include "vision/lesion_outline.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr int kFewestPixels = 64;  // of the area, and of what is looked at behind and beside it
constexpr int kFewestCorners = 5;  // that an ellipse takes
constexpr double kEdge = 0.2;      // of the width on either side: what lies behind the edges is refracted
constexpr int kGap = 2;            // pixels between the area and what is compared

using Border = std::vector<cv::Point>;

cv::Mat largest_area(const std::vector<std::uint8_t>& mask, int width, int height) {
  const cv::Mat inside(height, width, CV_8U, const_cast<std::uint8_t*>(mask.data()));
  cv::Mat labels, numbers, centroids;
  const int count = cv::connectedComponentsWithStats(inside != 0, labels, numbers, centroids, 4);
  int largest = 0, most = kFewestPixels - 1;
  for (int label = 1; label < count; ++label)
    if (const int area = numbers.at<int>(label, cv::CC_STAT_AREA); area > most) largest = label, most = area;
  return largest == 0 ? cv::Mat() : cv::Mat(labels == largest);
}

Border border_of(const cv::Mat& area) {
  std::vector<Border> borders;
  cv::findContours(area, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  return *std::ranges::max_element(borders, {}, &Border::size);
}

double oval_of(const cv::Mat& area, const Border& border) {
  const cv::RotatedRect best = cv::fitEllipse(border);
  if (!std::isfinite(best.size.width) || !std::isfinite(best.size.height)) return 0;  // of a line
  cv::Mat ellipse = cv::Mat::zeros(area.size(), CV_8U);
  cv::ellipse(ellipse, best, cv::Scalar(255), cv::FILLED);
  return static_cast<double>(cv::countNonZero(area & ellipse)) / cv::countNonZero(area | ellipse);
}

double smooth_of(const Border& border) {
  Border hull;
  cv::convexHull(border, hull);
  return cv::arcLength(hull, true) / cv::arcLength(border, true);
}

// Mean and number of the pixels within a rectangle, as far as the picture goes.
struct Grey {
  double sum = 0;
  int pixels = 0;
  void add(const cv::Mat& picture, const cv::Rect& wanted) {
    const cv::Rect there = wanted & cv::Rect({0, 0}, picture.size());
    if (there.empty()) return;
    sum += cv::sum(picture(there))[0];
    pixels += there.area();
  }
};

std::optional<double> behind(const cv::Mat& picture, const cv::Rect& box) {
  const int edge = static_cast<int>(kEdge * box.width), half = box.width / 2, top = box.y + box.height + kGap;
  Grey after, beside;
  after.add(picture, {box.x + edge, top, box.width - 2 * edge, box.height});
  beside.add(picture, {box.x - half, top, half - kGap, box.height});
  beside.add(picture, {box.x + box.width + kGap, top, half - kGap, box.height});
  if (after.pixels < kFewestPixels || beside.pixels < kFewestPixels || beside.sum <= 0) return {};
  return (after.sum / after.pixels) / (beside.sum / beside.pixels);
}

}  // namespace

std::optional<LesionOutline> lesion_outline(const std::vector<std::uint8_t>& mask, const GreyImage& picture) {
  const cv::Mat area = largest_area(mask, picture.width, picture.height);
  if (area.empty()) return {};
  const Border border = border_of(area);
  if (border.size() < kFewestCorners) return {};
  const cv::Rect box = cv::boundingRect(border);
  return LesionOutline{oval_of(area, border), smooth_of(border), static_cast<double>(box.height) / box.width,
                       behind(view(picture), box)};
}

}  // namespace meridian::vision
