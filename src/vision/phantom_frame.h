// A drawn frame of a colonoscopy in white light with one polyp, for examples and tests without patients'
// pictures: wall, folds, the dark way ahead, vessels, highlights. It looks like a frame to a network, not to
// a person.
#pragma once
#include <cstdint>

#include "vision/image.h"

namespace meridian::vision {

struct PhantomFrame {
  int side = 512;          // pixels of width and height
  std::uint64_t seed = 1;  // of folds, vessels and shades
  bool polyp = true;
};

// The same drawing for the same options. Throws invalid_value for a side outside 64 to 4096.
ColourImage draw(const PhantomFrame& phantom);

}  // namespace meridian::vision
