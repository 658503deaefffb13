// The grey in pictures in colour.
#pragma once
#include "vision/image.h"

namespace meridian::vision {

// Luminance (ITU-R BT.601), 0 to 1.
GreyImage luminance(const ColourImage& image);

}  // namespace meridian::vision
