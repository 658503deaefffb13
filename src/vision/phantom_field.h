// A drawn field of a slide stained with haematoxylin and eosin, for examples and tests without patients'
// tissue: pink ground, paler gaps, violet nuclei. It looks like tissue to a network, not to a pathologist.
#pragma once
#include <cstdint>

#include "vision/image.h"

namespace meridian::vision {

struct PhantomField {
  int side = 512;          // pixels of width and height
  int nuclei = 60;         // that are tried: those that would overlap are left out
  std::uint64_t seed = 1;  // of places, sizes and shades
};

// The same drawing for the same options. Throws invalid_value for a side outside 64 to 4096 or a number of
// nuclei outside 0 to 10,000.
ColourImage draw(const PhantomField& phantom);

}  // namespace meridian::vision
