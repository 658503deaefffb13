#include "vision/region.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr double kOutlineTolerance = 0.5;  // pixels that a corner left out may be off the line

std::vector<Point> outline_of(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const auto longest = std::max_element(contours.begin(), contours.end(),
                                        [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::vector<cv::Point> corners;
  cv::approxPolyDP(*longest, corners, kOutlineTolerance, true);
  std::vector<Point> outline;
  for (const cv::Point& corner : corners) outline.push_back({corner.x + 0.5, corner.y + 0.5});
  return outline;
}

Region region_of(const cv::Mat& labels, int label, const cv::Mat& numbers, const cv::Mat& centroids) {
  const int* row = numbers.ptr<int>(label);
  const cv::Mat mask = labels == label;
  Region region;
  region.area = row[cv::CC_STAT_AREA];
  region.box = {row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_LEFT] + row[cv::CC_STAT_WIDTH],
                row[cv::CC_STAT_TOP] + row[cv::CC_STAT_HEIGHT]};
  region.centroid = {centroids.at<double>(label, 0) + 0.5, centroids.at<double>(label, 1) + 0.5};
  region.outline = outline_of(mask);
  region.mask.resize(mask.total());
  for (std::size_t i = 0; i < region.mask.size(); ++i) region.mask[i] = mask.data[i] != 0;
  return region;
}

}  // namespace

std::vector<Region> regions_above(const GreyImage& map, double threshold, int smallest) {
  const cv::Mat above = view(map) > threshold;
  cv::Mat labels, numbers, centroids;
  const int count = cv::connectedComponentsWithStats(above, labels, numbers, centroids, 4);
  std::vector<Region> regions;
  for (int label = 1; label < count; ++label)
    if (numbers.at<int>(label, cv::CC_STAT_AREA) >= smallest)
      regions.push_back(region_of(labels, label, numbers, centroids));
  std::stable_sort(regions.begin(), regions.end(),
                   [](const Region& a, const Region& b) { return a.area > b.area; });
  return regions;
}

std::vector<unsigned char> fill_outline(const std::vector<Point>& outline, int width, int height) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_8U);
  std::vector<cv::Point> corners;
  for (const Point& point : outline)
    corners.emplace_back(static_cast<int>(std::floor(std::clamp(point.x, -1.0, width + 1.0))),
                         static_cast<int>(std::floor(std::clamp(point.y, -1.0, height + 1.0))));
  if (!corners.empty()) cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(1));
  return {mask.datastart, mask.dataend};
}

}  // namespace meridian::vision
