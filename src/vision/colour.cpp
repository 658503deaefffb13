#include "vision/colour.h"

#include <algorithm>
#include <cmath>

namespace meridian::vision {

GreyImage luminance(const ColourImage& image) {
  GreyImage grey{image.width, image.height, std::vector<float>(image.pixels.size() / 3), image.spacing};
  for (std::size_t i = 0; i < grey.pixels.size(); ++i) {
    const std::uint8_t* pixel = &image.pixels[3 * i];
    grey.pixels[i] = (0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]) / 255;
  }
  return grey;
}

ColourImage in_colour(const GreyImage& image) {
  ColourImage colour{image.width, image.height, {}, image.spacing};
  colour.pixels.reserve(image.pixels.size() * 3);
  for (const float grey : image.pixels)
    colour.pixels.insert(colour.pixels.end(), 3,
                         static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0f, 1.0f) * 255)));
  return colour;
}

}  // namespace meridian::vision
