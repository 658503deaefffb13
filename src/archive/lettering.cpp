#include "archive/lettering.h"

#include <algorithm>

#include "vision/caption.h"

namespace meridian::archive {
namespace {

constexpr int kLinesAPicture = 36, kSmallestLine = 10;

int line_of(const cv::Mat& picture) {
  return std::max(kSmallestLine, picture.rows / kLinesAPicture);
}

void blend(const vision::GreyImage& letters, cv::Mat& picture, int left, int top) {
  constexpr float kDarker = 0.45f, kWhite = 255;
  for (int y = 0; y < letters.height; ++y) {
    std::uint8_t* row = picture.ptr(top + y, left);
    for (int i = 0; i < letters.width * picture.channels(); ++i) {
      const float cover =
          letters.pixels[std::size_t(y) * std::size_t(letters.width) + std::size_t(i / picture.channels())];
      row[i] = cv::saturate_cast<std::uint8_t>(kDarker * (1 - cover) * static_cast<float>(row[i]) +
                                               kWhite * cover);
    }
  }
}

}  // namespace

void write_at(cv::Mat& picture, const std::vector<std::string>& lines, int left, int top) {
  if (left < 0 || top < 0 || left >= picture.cols || top >= picture.rows) return;
  const vision::GreyImage letters =
      vision::caption(lines, line_of(picture), {picture.cols - left, picture.rows - top});
  blend(letters, picture, left, top);
}

void write_in_corner(cv::Mat& picture, const std::vector<std::string>& lines, bool at_bottom) {
  const int size = line_of(picture), margin = size / 2;
  const vision::GreyImage letters =
      vision::caption(lines, size, {picture.cols - 2 * margin, picture.rows - 2 * margin});
  if (letters.width > 0)
    blend(letters, picture, margin, at_bottom ? picture.rows - margin - letters.height : margin);
}

}  // namespace meridian::archive
