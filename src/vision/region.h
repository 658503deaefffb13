// Connected areas of a map.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
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
// largest first, and no more than the most that are wanted.
std::vector<Region> regions_above(const GreyImage& map, double threshold, int smallest,
                                  std::size_t most = std::numeric_limits<std::size_t>::max());

// The points whose lines enclose an area, filled, on a map of that size: row by row, 1 inside. What lies
// outside the map is cut off.
std::vector<unsigned char> fill_outline(const std::vector<Point>& outline, int width, int height);

struct Shape {
  double area = 0;                   // pixels
  double longest = 0, shortest = 0;  // Feret diameters: the largest and the smallest distance between two
                                     // parallel lines that touch it from outside, pixels
  Box box;                           // upright
};
// Of the largest area whose pixels are not 0 (neighbours share a side); nothing when there is none.
std::optional<Shape> largest_shape(const std::vector<std::uint8_t>& mask, int width, int height);

// Touching objects told apart: each pixel of the mask gets the number, from 1, of the seed nearest to it
// (neighbours of a seed share a corner); objects of fewer pixels are left out, and those that stay are
// numbered without a gap. Both masks are of that size, not 0 inside. Throws not_supported beyond 65,535.
std::vector<std::uint16_t> number_objects(const std::vector<std::uint8_t>& mask,
                                          const std::vector<std::uint8_t>& seeds, int width, int height,
                                          int smallest);

// The same objects, where each is and how large: x and y of its seed's first pixel, in the order of rows.
struct PlacedObject {
  int x = 0, y = 0;
  int area = 0;  // pixels
};
std::vector<PlacedObject> place_objects(const std::vector<std::uint8_t>& mask,
                                        const std::vector<std::uint8_t>& seeds, int width, int height,
                                        int smallest);

}  // namespace meridian::vision
