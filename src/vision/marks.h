// What was found on a picture, drawn over it for people.
#pragma once
#include <string>
#include <vector>

#include "vision/image.h"
#include "vision/region.h"

namespace meridian::vision {

struct Marks {
  std::string heat_map;                      // as heat_map_png makes it; empty: none
  std::vector<std::vector<Point>> outlines;  // in pixels of the picture
};

// Grey as red, green and blue; values outside 0 to 1 are clipped.
ColourImage in_colour(const GreyImage& image);
// The picture with its marks, the outlines above the heat map, made smaller where a side is longer than that
// many pixels. Throws invalid_value for an empty picture or side, invalid_syntax for a heat map that is none.
ColourImage marked(const ColourImage& picture, const Marks& marks, int longest_side);

}  // namespace meridian::vision
