// Lines of text as a picture, in any script for which this machine has a font.
#pragma once
#include <string>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

// Into which a caption has to fit, in pixels; of any size, also none.
struct CaptionSpace {
  int width = 0, height = 0;
};

// How much of each pixel the letters cover, 0 to 1. size: pixels from one line to the next, taken as 8 to
// 128. Of the lines that are not empty as many as fit, each no wider than the space: a longer one ends in an
// ellipsis. An image of no width where nothing fits.
GreyImage caption(const std::vector<std::string>& lines, int size, const CaptionSpace& space);

}  // namespace meridian::vision
