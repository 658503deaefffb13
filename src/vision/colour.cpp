#include "vision/colour.h"

namespace meridian::vision {

GreyImage luminance(const ColourImage& image) {
  GreyImage grey{image.width, image.height, std::vector<float>(image.pixels.size() / 3), image.spacing};
  for (std::size_t i = 0; i < grey.pixels.size(); ++i) {
    const std::uint8_t* pixel = &image.pixels[3 * i];
    grey.pixels[i] = (0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]) / 255;
  }
  return grey;
}

}  // namespace meridian::vision
