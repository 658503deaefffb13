#include "assistants/chest_xray/lungs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace meridian::assistants::chest_xray {
namespace {

constexpr double kCertain = 0.5;         // probability from which a place belongs to a lung
constexpr double kSmallestLung = 0.012;  // of the film's area; training/chest_xray/lungs.py has the same
constexpr double kMargin = 0.06;         // of the lungs' box, on each side

vision::Box joined(const vision::Box& a, const vision::Box& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

bool side_by_side(const vision::Region& right, const vision::Region& left) {
  const double apart = left.centroid.x - right.centroid.x;
  const double width = std::max(right.box.width(), left.box.width());
  const double height = std::max(right.box.height(), left.box.height());
  return apart > 0.5 * width && std::abs(left.centroid.y - right.centroid.y) < 0.4 * height;
}

double distance(const vision::Box& box, double x, double y) {
  const double dx = std::max({box.left - x, x - box.right, 0.0});
  const double dy = std::max({box.top - y, y - box.bottom, 0.0});
  return std::hypot(dx, dy);
}

}  // namespace

double Lungs::share() const {
  return static_cast<double>(right.area + left.area) / (static_cast<double>(map_width) * map_height);
}

double Lungs::symmetry() const {
  return static_cast<double>(std::min(right.area, left.area)) / std::max(right.area, left.area);
}

vision::Box Lungs::box(int film_width, int film_height) const {
  const vision::Box both = joined(right.box, left.box);
  const double fx = static_cast<double>(film_width) / map_width;
  const double fy = static_cast<double>(film_height) / map_height;
  const double dx = kMargin * both.width() * fx, dy = kMargin * both.height() * fy;
  return {std::max(0, static_cast<int>(std::lrint(both.left * fx - dx))),
          std::max(0, static_cast<int>(std::lrint(both.top * fy - dy))),
          std::min(film_width, static_cast<int>(std::lrint(both.right * fx + dx))),
          std::min(film_height, static_cast<int>(std::lrint(both.bottom * fy + dy)))};
}

std::optional<Lungs> find_lungs(const vision::GreyImage& probabilities) {
  const int area = probabilities.width * probabilities.height;
  std::vector<vision::Region> regions =
      vision::regions_above(probabilities, kCertain, static_cast<int>(std::ceil(kSmallestLung * area)));
  if (regions.size() < 2) return std::nullopt;
  if (regions[0].centroid.x > regions[1].centroid.x) std::swap(regions[0], regions[1]);
  Lungs lungs{std::move(regions[0]), std::move(regions[1]), probabilities.width, probabilities.height};
  const bool plausible = lungs.share() >= kSmallestShare && lungs.symmetry() >= kSmallestSymmetry &&
                         side_by_side(lungs.right, lungs.left);
  if (!plausible) return std::nullopt;
  return lungs;
}

engine::LocalizedText zone_of(const Lungs& lungs, double x, double y) {
  static const std::array<engine::LocalizedText, 3> kThirds{
      {{"upper", "上"}, {"middle", "中"}, {"lower", "下"}}};
  x *= lungs.map_width;
  y *= lungs.map_height;
  const bool is_right = distance(lungs.right.box, x, y) <= distance(lungs.left.box, x, y);
  const vision::Box& box = is_right ? lungs.right.box : lungs.left.box;
  const double place = (y - box.top) / box.height();
  const engine::LocalizedText& third = kThirds[static_cast<std::size_t>(std::clamp(place * 3, 0.0, 2.0))];
  return {std::string(is_right ? "right " : "left ") + third.en + " zone",
          std::string(is_right ? "右肺" : "左肺") + third.zh + "野"};
}

}  // namespace meridian::assistants::chest_xray
