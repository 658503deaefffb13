// Places: what is near a point of the earth.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/values/ucum.h"

namespace meridian::record {
namespace {

constexpr double kEarthRadius = 6371008.8;   // metres, mean (IUGG)
constexpr double kDefaultDistance = 50'000;  // metres, where the client names none
constexpr double kFarthest = 20'015'115;     // metres: half around the earth
constexpr double kDegree = std::numbers::pi / 180;
// The circle is cut into so many bands of latitude: what lies beyond it by less than one is taken for near.
constexpr int kBands = 32;

struct Circle {
  double latitude, longitude;  // of the middle, degrees
  double angle;                // of its radius, radians
};

[[noreturn]] void fail(std::string_view value) {
  throw Error(ErrorCode::invalid_value,
              "\"" + std::string(value.substr(0, 80)) + "\" is no place as latitude|longitude|distance|unit",
              "near", "Write degrees of WGS 84, and a UCUM unit of length, as -33.9|151.2|10|km");
}

double metres(const std::string& distance, const std::string& unit_code, std::string_view value) {
  const auto number = Decimal::parse(distance);
  const auto unit = find_unit(unit_code.empty() ? "km" : unit_code);
  if (!number || !unit || unit->base() != "m") fail(value);
  return to_base(*number, *unit);
}

Circle parse_circle(std::string_view value) {
  const std::vector<std::string> parts = split_unescaped(value, '|');
  if (parts.size() < 2 || parts.size() > 4) fail(value);
  const auto latitude = Decimal::parse(parts[0]), longitude = Decimal::parse(parts[1]);
  if (!latitude || !longitude) fail(value);
  const bool named = parts.size() > 2 && !parts[2].empty();
  const double distance = named
                              ? metres(parts[2], parts.size() > 3 ? unescape(parts[3]) : std::string(), value)
                              : kDefaultDistance;
  const Circle circle{latitude->to_double(), longitude->to_double(),
                      std::min(distance, kFarthest) / kEarthRadius};
  if (std::abs(circle.latitude) > 90 || std::abs(circle.longitude) > 180 || circle.angle < 0) fail(value);
  return circle;
}

// How far, in degrees of longitude, the circle reaches at a latitude (spherical law of cosines).
double half_width(const Circle& circle, double latitude) {
  const double middle = circle.latitude * kDegree, here = latitude * kDegree;
  const double scale = std::cos(middle) * std::cos(here);
  const double cosine = std::cos(circle.angle) - std::sin(middle) * std::sin(here);
  if (cosine <= -scale) return 180;
  return cosine >= scale ? 0 : std::acos(cosine / scale) / kDegree;
}

// Beyond the 180th meridian the count begins again.
void add_band(double south, double north, double west, double east, std::vector<Sql>& bands) {
  const auto add = [&](double from, double to) {
    bands.push_back({"x.code1 = '' AND x.system1 = 0 AND x.low2 BETWEEN ? AND ? AND x.low3 BETWEEN ? AND ?",
                     {south, north, from, to}});
  };
  add(std::max(west, -180.0), std::min(east, 180.0));
  if (west < -180) add(west + 360, 180.0);
  if (east > 180) add(-180.0, east - 360);
}

}  // namespace

// The haversine of the angle between them.
Sql distance_from(std::string_view value) {
  const Circle circle = parse_circle(value);
  const auto squared_sine = [](const char* column, double from) {
    const std::string sine = std::string("sin(radians(") + column + " - ?) / 2)";
    return Sql{"(" + sine + " * " + sine + ")", {from, from}};
  };
  return squared_sine("x.low2", circle.latitude)
      .add(" + cos(radians(x.low2)) * ? * ", {std::cos(circle.latitude * kDegree)})
      .add(squared_sine("x.low3", circle.longitude));
}

std::vector<Sql> near_conditions(std::string_view value) {
  const Circle circle = parse_circle(value);
  const double south = std::max(circle.latitude - circle.angle / kDegree, -90.0);
  const double north = std::min(circle.latitude + circle.angle / kDegree, 90.0);
  std::vector<Sql> bands;
  for (int i = 0; i < kBands; ++i) {
    const double from = south + (north - south) * i / kBands, to = south + (north - south) * (i + 1) / kBands;
    const double nearest = std::clamp(circle.latitude, from, to);
    const double width =
        std::max({half_width(circle, from), half_width(circle, to), half_width(circle, nearest)});
    add_band(from, to, circle.longitude - width, circle.longitude + width, bands);
  }
  return bands;
}

}  // namespace meridian::record
