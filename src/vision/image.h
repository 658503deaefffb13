// Decoded pictures, as assistants take them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace meridian::vision {

struct GreyImage {
  int width = 0, height = 0;
  std::vector<float>
      pixels;  // row by row; 0 black to 1 white, after modality and VOI LUT, MONOCHROME1 inverted
  std::optional<double> spacing;  // mm a pixel, where known
};

struct ColourImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  // row by row: red, green and blue of each, 0 to 255
  std::optional<double> spacing;     // mm a pixel, where known
};

struct Volume {
  int width = 0, height = 0, depth = 0;
  std::vector<float> voxels;               // slice by slice, row by row, in the scanner's own units
  std::array<double, 3> spacing{1, 1, 1};  // mm along width, height and depth
};

}  // namespace meridian::vision
