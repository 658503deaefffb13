// How sharp a part of a picture is.
#pragma once
#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

// The variance of the Laplacian of the luminance (Pech-Pacheco et al., ICPR 2000) within the box, of grey
// values from 0 to 255; 0 for a box of fewer than 3 pixels a side. What lies outside the picture is left out.
double sharpness(const ColourImage& picture, const Box& box);

}  // namespace meridian::vision
