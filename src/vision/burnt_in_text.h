// Writing in the pixels of a picture, which may name the patient.
#pragma once
#include <vector>

#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::vision {

// The lines of writing on it, in its own pixels: five or more characters of one height and brightness beside
// each other, bright on dark or dark on bright, of 7 to some 80 pixels on a picture whose longer side is
// brought to 2,048 where it is larger. It does not read them, and single letters (the mark of a side) are no
// line.
std::vector<Box> burnt_in_text(const GreyImage& picture);

}  // namespace meridian::vision
