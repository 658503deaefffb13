// A map of numbers as a transparent picture to be laid over the film.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

// A PNG with transparency of the film's proportions. The map lies over the box, smoothly enlarged; 0 is
// transparent, 1 and above is opaque red by way of yellow; outside the box nothing is drawn. Throws
// invalid_value for an empty map, size or box.
std::string heat_map_png(const GreyImage& map, const Box& box, int width, int height);

// The heat of such a picture, 0 to 1, at its own size. Throws invalid_syntax when the bytes are no PNG with
// transparency.
GreyImage heat_of_png(std::string_view png);

// Lays such a picture over the whole film, whatever the size of either. Throws invalid_syntax when the bytes
// are no PNG with transparency.
void lay_heat_map(std::string_view png, ColourImage& film);

// Where such a picture is at least this hot (0 to 1), on a film of that size: row by row, 1 inside. Throws
// invalid_syntax when the bytes are no PNG with transparency, invalid_value for an empty size.
std::vector<std::uint8_t> heat_map_mask(std::string_view png, double heat, int width, int height);

}  // namespace meridian::vision
