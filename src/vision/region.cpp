#include "vision/region.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr std::size_t kMostObjects = 65'535;
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

// The corners of all its pixels: a pixel is as wide as it is.
std::vector<cv::Point2f> hull_of(const std::vector<cv::Point>& pixels) {
  std::vector<cv::Point> hull;
  cv::convexHull(pixels, hull);
  std::vector<cv::Point2f> corners, outer;
  for (const cv::Point& pixel : hull)
    for (const int dx : {0, 1})
      for (const int dy : {0, 1})
        corners.emplace_back(static_cast<float>(pixel.x + dx), static_cast<float>(pixel.y + dy));
  cv::convexHull(corners, outer);
  return outer;
}

double longest_of(const std::vector<cv::Point2f>& hull) {
  double longest = 0;
  for (const cv::Point2f& one : hull)
    for (const cv::Point2f& other : hull) longest = std::max(longest, cv::norm(one - other));
  return longest;
}

// One of the two lines lies on a side of the hull.
double shortest_of(const std::vector<cv::Point2f>& hull) {
  double shortest = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const cv::Point2f side = hull[(i + 1) % hull.size()] - hull[i];
    double farthest = 0;
    for (const cv::Point2f& point : hull)
      farthest = std::max(farthest, std::abs(side.cross(point - hull[i])) / cv::norm(side));
    shortest = std::min(shortest, farthest);
  }
  return shortest;
}

// The number of the seed that is nearest to each pixel; nothing when there is no seed.
std::optional<cv::Mat> nearest_seeds(const std::vector<std::uint8_t>& seeds, int width, int height) {
  const cv::Mat seed(height, width, CV_8U, const_cast<std::uint8_t*>(seeds.data()));
  if (cv::countNonZero(seed) == 0) return {};
  cv::Mat distances, nearest;
  cv::distanceTransform(seed == 0, distances, nearest, cv::DIST_L2, cv::DIST_MASK_5, cv::DIST_LABEL_CCOMP);
  return nearest;
}

// Pixels of the mask that belong to each seed.
std::vector<int> sizes_of(const std::vector<std::uint8_t>& mask, const cv::Mat& nearest) {
  std::vector<int> sizes;
  const int* label = nearest.ptr<int>();
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (!mask[i]) continue;
    const auto object = static_cast<std::size_t>(label[i]);
    if (object >= sizes.size()) sizes.resize(object + 1, 0);
    ++sizes[object];
  }
  return sizes;
}

}  // namespace

std::vector<Region> regions_above(const GreyImage& map, double threshold, int smallest, std::size_t most) {
  const cv::Mat above = view(map) > threshold;
  cv::Mat labels, numbers, centroids;
  const int count = cv::connectedComponentsWithStats(above, labels, numbers, centroids, 4);
  const auto area = [&](int label) { return numbers.at<int>(label, cv::CC_STAT_AREA); };
  std::vector<int> wanted;
  for (int label = 1; label < count; ++label)
    if (area(label) >= smallest) wanted.push_back(label);
  std::stable_sort(wanted.begin(), wanted.end(), [&](int a, int b) { return area(a) > area(b); });
  wanted.resize(std::min(wanted.size(), most));
  std::vector<Region> regions;
  for (const int label : wanted) regions.push_back(region_of(labels, label, numbers, centroids));
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

std::optional<Shape> largest_shape(const std::vector<std::uint8_t>& mask, int width, int height) {
  const cv::Mat inside(height, width, CV_8U, const_cast<std::uint8_t*>(mask.data()));
  cv::Mat labels, numbers, centroids;
  const int count = cv::connectedComponentsWithStats(inside, labels, numbers, centroids, 4);
  int largest = 0;
  for (int label = 1; label < count; ++label)
    if (largest == 0 || numbers.at<int>(label, cv::CC_STAT_AREA) > numbers.at<int>(largest, cv::CC_STAT_AREA))
      largest = label;
  if (largest == 0) return {};
  const int* row = numbers.ptr<int>(largest);
  const cv::Rect box(row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH],
                     row[cv::CC_STAT_HEIGHT]);
  std::vector<cv::Point> pixels;
  cv::findNonZero(labels(box) == largest, pixels);
  const std::vector<cv::Point2f> hull = hull_of(pixels);
  return Shape{static_cast<double>(row[cv::CC_STAT_AREA]),
               longest_of(hull),
               shortest_of(hull),
               {box.x, box.y, box.x + box.width, box.y + box.height}};
}

std::vector<std::uint16_t> number_objects(const std::vector<std::uint8_t>& mask,
                                          const std::vector<std::uint8_t>& seeds, int width, int height,
                                          int smallest) {
  std::vector<std::uint16_t> numbers(mask.size(), 0);
  const auto nearest = nearest_seeds(seeds, width, height);
  if (!nearest) return numbers;
  const std::vector<int> sizes = sizes_of(mask, *nearest);
  const int* label = nearest->ptr<int>();
  std::vector<std::uint16_t> kept(sizes.size(), 0);
  std::size_t count = 0;
  for (std::size_t object = 0; object < sizes.size(); ++object)
    if (sizes[object] >= std::max(1, smallest)) {
      if (++count > kMostObjects)
        throw Error(ErrorCode::not_supported, "There are more than 65,535 objects on the picture", {},
                    "Send it in parts");
      kept[object] = static_cast<std::uint16_t>(count);
    }
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i]) numbers[i] = kept[static_cast<std::size_t>(label[i])];
  return numbers;
}

std::vector<PlacedObject> place_objects(const std::vector<std::uint8_t>& mask,
                                        const std::vector<std::uint8_t>& seeds, int width, int height,
                                        int smallest) {
  const auto nearest = nearest_seeds(seeds, width, height);
  if (!nearest) return {};
  const std::vector<int> sizes = sizes_of(mask, *nearest);
  const int* label = nearest->ptr<int>();
  std::vector<bool> seen(sizes.size());
  std::vector<PlacedObject> objects;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const auto object = static_cast<std::size_t>(label[i]);
    if (!seeds[i] || object >= sizes.size() || seen[object]) continue;
    seen[object] = true;
    if (sizes[object] >= std::max(1, smallest))
      objects.push_back({static_cast<int>(i) % width, static_cast<int>(i) / width, sizes[object]});
  }
  return objects;
}

}  // namespace meridian::vision
