#include "archive/presentation/present.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "archive/lettering.h"
#include "base/text.h"

namespace meridian::archive {
namespace {

constexpr int kShift = 4;              // fractional bits of what is drawn
constexpr int kLinesThick = 600;       // rows of a picture for each pixel of a line's width
constexpr double kFarthest = 100'000;  // pixels from the picture, beyond which nothing is drawn
const cv::Scalar kWhite = cv::Scalar::all(255), kBlack = cv::Scalar::all(0);

// OpenCV counts from the middle of the first pixel.
cv::Point drawn(const PlanePoint& point) {
  const auto fixed = [](double value) {
    return cvRound((std::clamp(value, -kFarthest, kFarthest) - 0.5) * (1 << kShift));
  };
  return {fixed(point.x), fixed(point.y)};
}

std::vector<cv::Point> drawn(const std::vector<PlanePoint>& line) {
  std::vector<cv::Point> points;
  points.reserve(line.size());
  for (const PlanePoint& point : line) points.push_back(drawn(point));
  return points;
}

void cover(cv::Mat& picture, const Shutter& shutter) {
  if (!shutter.rectangle && !shutter.circle && shutter.polygon.empty()) return;
  cv::Mat open(picture.size(), CV_8UC1, kWhite);
  const auto keep_within = [&](auto draw) {
    cv::Mat shape(picture.size(), CV_8UC1, kBlack);
    draw(shape);
    cv::bitwise_and(open, shape, open);
  };
  if (shutter.rectangle)
    keep_within([&](cv::Mat& shape) {
      const auto& [first, last] = *shutter.rectangle;
      // Whole pixels: those between the edges.
      const cv::Rect inside(cv::Point(cvRound(first.x), cvRound(first.y)),
                            cv::Point(cvRound(last.x), cvRound(last.y)));
      if (first.x < last.x && first.y < last.y) shape(inside & cv::Rect({}, shape.size())) = kWhite;
    });
  if (shutter.circle)
    keep_within([&](cv::Mat& shape) {
      const double radius = std::clamp(shutter.circle->radius, 0.0, kFarthest);
      cv::circle(shape, drawn(shutter.circle->center), cvRound(radius * (1 << kShift)), kWhite, cv::FILLED,
                 cv::LINE_8, kShift);
    });
  if (!shutter.polygon.empty())
    keep_within([&](cv::Mat& shape) {
      cv::fillPoly(shape, std::vector{drawn(shutter.polygon)}, kWhite, cv::LINE_8, kShift);
    });
  picture.setTo(cv::Scalar::all(std::round(shutter.grey * 255)), open == 0);
}

cv::Rect area_of(const Presentation& presentation, const cv::Mat& picture) {
  const cv::Rect whole({}, picture.size());
  if (!presentation.area) return whole;
  const auto& [first, last] = *presentation.area;
  const auto edge = [](double at) { return cvRound(std::clamp(at, -kFarthest, kFarthest)); };
  const cv::Rect wanted =
      cv::Rect(cv::Point(edge(first.x), edge(first.y)), cv::Point(edge(last.x), edge(last.y))) & whole;
  return wanted.empty() ? whole : wanted;
}

// Where a point of a mark is on the sheet.
class Places {
 public:
  Places(const Sheet& sheet, const Presentation& presentation, const cv::Size& image) : sheet_(sheet) {
    const std::pair<PlanePoint, PlanePoint> whole{{0, 0}, {double(image.width), double(image.height)}};
    const auto& [first, last] = presentation.area.value_or(whole);
    const PlanePoint one = sheet.place_of(first), other = sheet.place_of(last);
    left_ = std::min(one.x, other.x), top_ = std::min(one.y, other.y);
    width_ = std::abs(one.x - other.x), height_ = std::abs(one.y - other.y);
  }
  PlanePoint of(const PlanePoint& point, MarkUnits units) const {
    if (units == MarkUnits::pixels) return sheet_.place_of(point);
    return {left_ + point.x * width_, top_ + point.y * height_};
  }

 private:
  const Sheet& sheet_;
  double left_, top_, width_, height_;
};

void draw_line(cv::Mat& picture, const std::vector<PlanePoint>& line, bool filled, int thick) {
  const std::vector<std::vector<cv::Point>> lines{drawn(line)};
  if (line.size() == 1) {
    const int radius = (2 * thick) << kShift;
    cv::circle(picture, lines[0][0], radius + (thick << kShift), kBlack, cv::FILLED, cv::LINE_AA, kShift);
    cv::circle(picture, lines[0][0], radius, kWhite, cv::FILLED, cv::LINE_AA, kShift);
    return;
  }
  cv::polylines(picture, lines, false, kBlack, 3 * thick, cv::LINE_AA, kShift);
  if (filled) cv::fillPoly(picture, lines, kWhite, cv::LINE_AA, kShift);
  cv::polylines(picture, lines, false, kWhite, thick, cv::LINE_AA, kShift);
}

}  // namespace

void arrange(Sheet& sheet, const Presentation& presentation) {
  cover(sheet.picture(), presentation.shutter);
  sheet.cut(area_of(presentation, sheet.picture()));
  sheet.turn(presentation.quarter_turns);
  if (presentation.flipped) sheet.mirror();
}

void draw_marks(Sheet& sheet, const Presentation& presentation, const cv::Size& image) {
  cv::Mat& picture = sheet.picture();
  const Places places(sheet, presentation, image);
  const int thick = std::max(1, picture.rows / kLinesThick);
  for (const Mark& mark : presentation.marks) {
    std::vector<PlanePoint> line;
    line.reserve(mark.line.size());
    for (const PlanePoint& point : mark.line) line.push_back(places.of(point, mark.units));
    draw_line(picture, line, mark.filled, thick);
  }
  for (const MarkText& text : presentation.texts) {
    const PlanePoint at = places.of(text.at, text.units);
    write_at(picture, split(text.text, '\n'), static_cast<int>(std::clamp(at.x, -kFarthest, kFarthest)),
             static_cast<int>(std::clamp(at.y, -kFarthest, kFarthest)));
  }
}

}  // namespace meridian::archive
