// Where there is tissue on a slide.
#pragma once
#include <cstdint>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

// Row by row, 1 where the overview of a stained slide shows tissue: more saturated than Otsu's threshold of
// its saturations and than an empty glass, holes and specks of a few pixels closed and left out; black ink
// and the edges of the glass, which are dark and grey, are none.
std::vector<std::uint8_t> find_tissue(const ColourImage& overview);

}  // namespace meridian::vision
