#include "archive/presentation/graphic_figures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace meridian::archive {
namespace {

constexpr int kPointsOfCircle = 72, kPointsBetween = 8;
constexpr double kFarthest = 1e6;  // pixels; nobody draws farther out, and drawing counts in integers

std::vector<PlanePoint> points_of(const std::vector<double>& data) {
  std::vector<PlanePoint> points;
  for (std::size_t i = 0; i + 1 < data.size(); i += 2)
    points.push_back(
        {std::clamp(data[i], -kFarthest, kFarthest), std::clamp(data[i + 1], -kFarthest, kFarthest)});
  return points;
}

// Around a center, by two axes that stand on each other.
std::vector<PlanePoint> around(const PlanePoint& center, const PlanePoint& first, const PlanePoint& second) {
  std::vector<PlanePoint> line;
  for (int i = 0; i <= kPointsOfCircle; ++i) {
    const double angle = 2 * std::numbers::pi * i / kPointsOfCircle;
    const double along = std::cos(angle), across = std::sin(angle);
    line.push_back(
        {center.x + along * first.x + across * second.x, center.y + along * first.y + across * second.y});
  }
  return line;
}

std::vector<PlanePoint> circle(const PlanePoint& center, const PlanePoint& on_it) {
  const double radius = std::hypot(on_it.x - center.x, on_it.y - center.y);
  return around(center, {radius, 0}, {0, radius});
}

std::vector<PlanePoint> ellipse(const std::vector<PlanePoint>& ends) {
  const PlanePoint center{(ends[0].x + ends[1].x) / 2, (ends[0].y + ends[1].y) / 2};
  const PlanePoint major{(ends[1].x - ends[0].x) / 2, (ends[1].y - ends[0].y) / 2},
      minor{(ends[3].x - ends[2].x) / 2, (ends[3].y - ends[2].y) / 2};
  return around(center, major, minor);
}

// Catmull and Rom's curve (1974): it passes through each point in the direction of its neighbours.
double on_curve(double before, double from, double to, double after, double share) {
  return from +
         share / 2 *
             (to - before +
              share * (2 * before - 5 * from + 4 * to - after + share * (3 * (from - to) + after - before)));
}

std::vector<PlanePoint> curve(const std::vector<PlanePoint>& points) {
  const auto last = std::ssize(points) - 1;
  const auto at = [&](std::ptrdiff_t i) {
    return points[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, last))];
  };
  std::vector<PlanePoint> line{points.front()};
  for (std::ptrdiff_t i = 0; i < last; ++i)
    for (int step = 1; step <= kPointsBetween; ++step) {
      const double share = double(step) / kPointsBetween;
      line.push_back({on_curve(at(i - 1).x, at(i).x, at(i + 1).x, at(i + 2).x, share),
                      on_curve(at(i - 1).y, at(i).y, at(i + 1).y, at(i + 2).y, share)});
    }
  return line;
}

}  // namespace

std::vector<PlanePoint> figure_of(std::string_view type, const std::vector<double>& data) {
  if (!std::ranges::all_of(data, [](double value) { return std::isfinite(value); })) return {};
  std::vector<PlanePoint> points = points_of(data);
  if (type == "POINT" && points.size() == 1) return points;
  if (type == "POLYLINE" && points.size() > 1) return points;
  if (type == "INTERPOLATED" && points.size() > 1) return curve(points);
  if (type == "CIRCLE" && points.size() == 2) return circle(points[0], points[1]);
  if (type == "ELLIPSE" && points.size() == 4) return ellipse(points);
  return {};
}

}  // namespace meridian::archive
