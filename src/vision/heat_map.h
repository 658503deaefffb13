// A map of numbers as a transparent picture to be laid over the film.
#pragma once
#include <string>

#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

// A PNG with transparency of the film's proportions. The map lies over the box, smoothly enlarged; 0 is
// transparent, 1 and above is opaque red by way of yellow; outside the box nothing is drawn. Throws
// invalid_value for an empty map, size or box.
std::string heat_map_png(const GreyImage& map, const Box& box, int width, int height);

}  // namespace meridian::vision
