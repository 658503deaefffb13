// Between pictures in grey and in colour.
#pragma once
#include "vision/image.h"

namespace meridian::vision {

// Luminance (ITU-R BT.601), 0 to 1.
GreyImage luminance(const ColourImage& image);
// Red, green and blue alike; what is outside 0 to 1 is clipped.
ColourImage in_colour(const GreyImage& image);

}  // namespace meridian::vision
