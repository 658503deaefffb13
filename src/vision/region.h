// Connected areas of a map.
#pragma once
#include <vector>

#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

struct Point {
  double x = 0, y = 0;
};

struct Region {
  int area = 0;  // pixels
  Box box;
  Point centroid;
  std::vector<Point> outline;       // of its outer border, corners only
  std::vector<unsigned char> mask;  // row by row over the whole map: 1 inside
};

// The areas of at least so many pixels where the map is above the threshold (neighbours share a side),
// largest first.
std::vector<Region> regions_above(const GreyImage& map, double threshold, int smallest);

// The points whose lines enclose an area, filled, on a map of that size: row by row, 1 inside. What lies
// outside the map is cut off.
std::vector<unsigned char> fill_outline(const std::vector<Point>& outline, int width, int height);

}  // namespace meridian::vision
