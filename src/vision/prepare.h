// From a picture to a network's input, as docs/decisions/0007 says: training/imaging/prepare.py does the same
// with the same functions of OpenCV.
#pragma once
#include <array>
#include <vector>

#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

// A tile's side over the margin that is left out on each of its sides.
inline constexpr int kTileMarginShare = 16;

enum class Crop { none, content, circle };
enum class Fit { pad, stretch, tile };
enum class Equalisation { none, histogram, clahe, local };

struct Preparation {
  Crop crop = Crop::none;
  Fit fit = Fit::pad;
  int size = 224;  // pixels a side of what the network sees
  Equalisation equalise = Equalisation::none;
  double border = 0;  // share of the fitted side that becomes black
};

// What a network sees of a picture, and where the picture lies in it.
struct Prepared {
  std::vector<float> planes;  // channel by channel, size x size each, 0 to 1
  int size = 0;
  Box box;    // what was cut out of the picture, in its pixels
  Box place;  // where that lies in the square
};

// One square. Throws invalid_value for an empty picture, a size below 1, tiles, and histograms of colours.
Prepared prepare(const GreyImage& picture, const Preparation& how);
Prepared prepare(const ColourImage& picture, const Preparation& how);

// Squares that overlap and together cover the picture at its own size.
struct Tiles {
  std::vector<std::vector<float>> planes;  // of each tile, as above
  std::vector<std::array<int, 2>> places;  // of the middle that is kept of each: left and top in the picture
  int size = 0, margin = 0;                // margin: pixels left out on each side of a tile
};
Tiles cut_tiles(const GreyImage& picture, const Preparation& how);
Tiles cut_tiles(const ColourImage& picture, const Preparation& how);
// What a network sees of a square of a picture that is not made alike as a whole (Equalisation::none): its
// planes. Throws invalid_value when the square does not lie within the picture.
std::vector<float> planes_of_square(const ColourImage& picture, int left, int top, int size);
// Writes the middle of one tile's map (size x size) to its place in the map of the whole picture.
void place_tile(GreyImage& whole, const Tiles& tiles, std::size_t index, const float* map);

// The map of a square (side x side, any side) back on the picture of that size: enlarged linearly, 0 where
// the network saw nothing.
GreyImage on_picture(const float* map, int side, const Prepared& prepared, int width, int height);
// The part of a square's map in which the picture lies, at least a pixel.
GreyImage without_padding(const float* map, int side, const Prepared& prepared);

// A volume's voxels, standardised over those above 0, padded with 0 or cut about the middle to width, height
// and depth of the size. Throws invalid_value for an empty volume or size.
Volume prepare_volume(const Volume& volume, const std::array<int, 3>& size);
// The map of a prepared volume where the volume lies; 0 where the network saw nothing.
std::vector<float> on_volume(const float* map, const std::array<int, 3>& size, const Volume& volume);

}  // namespace meridian::vision
