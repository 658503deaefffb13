// A decoded picture of one channel, as assistants of films take it.
#pragma once
#include <optional>
#include <vector>

namespace meridian::vision {

struct GreyImage {
  int width = 0, height = 0;
  std::vector<float>
      pixels;  // row by row; 0 black to 1 white, after modality and VOI LUT, MONOCHROME1 inverted
  std::optional<double> spacing;  // mm a pixel, where known
};

}  // namespace meridian::vision
