// Lines of text as a picture, in any script for which this machine has a font.
#pragma once
#include <string>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

// How much of each pixel the letters cover, 0 to 1. size: pixels from one line to the next, at least 8; a
// line that is wider than most_width pixels ends in an ellipsis. Empty lines are left out; none at all give
// an image of no width. Throws invalid_value for a size or width out of range.
GreyImage caption(const std::vector<std::string>& lines, int size, int most_width);

}  // namespace meridian::vision
