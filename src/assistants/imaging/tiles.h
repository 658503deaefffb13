// Pictures that a segmenter sees at their own size, tile by tile.
#pragma once
#include <vector>

#include "assistants/imaging/network.h"
#include "vision/prepare.h"

namespace meridian::assistants::imaging {

struct TiledMasks {
  std::vector<vision::GreyImage> masks;  // of each class, of the picture's size
  double strangeness = 0;                // the median of the tiles'; 0 when the network gives none
};

TiledMasks look_in_tiles(const Network& network, const vision::Tiles& tiles, int width, int height);

}  // namespace meridian::assistants::imaging
