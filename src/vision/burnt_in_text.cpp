#include "vision/burnt_in_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr int kLongerSide = 2048;
// Sides of the square in which a stroke must stand out, pixels: thin writing, and large.
constexpr std::array<int, 2> kScales{9, 21};
constexpr int kLeastContrast = 70;               // of 255, that a stroke stands out by
constexpr int kLeastBrightness = 120;            // of 255, where it is brightest
constexpr int kShortest = 6;                     // height of a character, pixels
constexpr std::size_t kFewest = 5;               // characters of a line
constexpr std::size_t kMostCharacters = 20'000;  // that are looked at; more are a texture
constexpr double kLargestShare = 0.01;           // of the picture that a character covers
constexpr double kLeastInk = 0.15;               // of its box
constexpr double kMostUneven = 0.16;             // deviation of the heights of a line by their mean

struct Character {
  cv::Rect box;
  double brightness = 0;
};

double brightness_of(const cv::Mat& grey, const cv::Mat& labels, const cv::Rect& box, int label) {
  double brightest = 0;
  cv::minMaxLoc(grey(box), nullptr, &brightest, nullptr, nullptr, labels(box) == label);
  return brightest;
}

bool may_be_character(const int* row, int scale, double picture) {
  const int width = row[cv::CC_STAT_WIDTH], height = row[cv::CC_STAT_HEIGHT], area = row[cv::CC_STAT_AREA];
  return height >= kShortest && height <= 4 * scale && width <= 1.5 * height + 2 &&
         area >= kLeastInk * width * height && width * height <= kLargestShare * picture;
}

// Bright ones, from left to right.
std::vector<Character> characters_in(const cv::Mat& grey, int scale) {
  cv::Mat standing_out;
  cv::morphologyEx(grey, standing_out, cv::MORPH_TOPHAT,
                   cv::getStructuringElement(cv::MORPH_RECT, {scale, scale}));
  cv::Mat labels, numbers, centroids;
  const int count =
      cv::connectedComponentsWithStats(standing_out > kLeastContrast, labels, numbers, centroids);
  std::vector<Character> characters;
  for (int label = 1; label < count && characters.size() < kMostCharacters; ++label) {
    const int* row = numbers.ptr<int>(label);
    if (!may_be_character(row, scale, static_cast<double>(grey.total()))) continue;
    const cv::Rect box(row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH],
                       row[cv::CC_STAT_HEIGHT]);
    const double brightness = brightness_of(grey, labels, box, label);
    if (brightness >= kLeastBrightness) characters.push_back({box, brightness});
  }
  std::ranges::sort(characters, {}, [](const Character& one) { return one.box.x; });
  return characters;
}

// Whether the second stands beside the first on the same line.
bool follows(const Character& first, const Character& second) {
  const cv::Rect &a = first.box, &b = second.box;
  const double height = a.height, gap = b.x - (a.x + a.width);
  if (gap > 1.2 * height || gap < -0.5 * a.width) return false;
  const double ratio = b.height / height;
  if (ratio > 1.6 || ratio < 1 / 1.6 || std::abs(second.brightness - first.brightness) > 40) return false;
  const double foot = std::abs((b.y + b.height) - (a.y + a.height));
  const double middle = std::abs((b.y + b.height / 2.0) - (a.y + a.height / 2.0));
  return foot <= 0.35 * height || middle <= 0.25 * height;
}

bool is_even(const std::vector<const Character*>& line) {
  double sum = 0, squares = 0;
  for (const Character* one : line) {
    sum += one->box.height;
    squares += static_cast<double>(one->box.height) * one->box.height;
  }
  const double mean = sum / static_cast<double>(line.size());
  return std::sqrt(std::max(0.0, squares / static_cast<double>(line.size()) - mean * mean)) <=
         kMostUneven * mean;
}

cv::Rect box_of(const std::vector<const Character*>& line) {
  cv::Rect box = line.front()->box;
  for (const Character* one : line) box |= one->box;
  return box;
}

std::vector<cv::Rect> lines_of(const std::vector<Character>& characters) {
  std::vector<bool> used(characters.size());
  std::vector<cv::Rect> lines;
  for (std::size_t first = 0; first < characters.size(); ++first) {
    if (used[first]) continue;
    std::vector<std::size_t> members{first};
    for (std::size_t next = first + 1; next < characters.size(); ++next) {
      const cv::Rect& last = characters[members.back()].box;
      if (characters[next].box.x > last.x + last.width + 1.2 * last.height) break;
      if (!used[next] && follows(characters[members.back()], characters[next])) members.push_back(next);
    }
    std::vector<const Character*> line;
    for (const std::size_t i : members) line.push_back(&characters[i]);
    if (line.size() < kFewest || !is_even(line)) continue;
    for (const std::size_t i : members) used[i] = true;
    lines.push_back(box_of(line));
  }
  return lines;
}

}  // namespace

std::vector<Box> burnt_in_text(const GreyImage& picture) {
  const double scale =
      std::min(1.0, static_cast<double>(kLongerSide) / std::max(picture.width, picture.height));
  cv::Mat grey;
  view(picture).convertTo(grey, CV_8U, 255);
  if (scale < 1) cv::resize(grey, grey, {}, scale, scale, cv::INTER_AREA);
  std::vector<Box> found;
  for (const bool dark : {false, true}) {
    const cv::Mat seen = dark ? cv::Mat(255 - grey) : grey;
    for (const int side : kScales)
      for (const cv::Rect& line : lines_of(characters_in(seen, side)))
        found.push_back({static_cast<int>(line.x / scale), static_cast<int>(line.y / scale),
                         static_cast<int>((line.x + line.width) / scale),
                         static_cast<int>((line.y + line.height) / scale)});
  }
  return found;
}

}  // namespace meridian::vision
