// A drawn chest film for demonstrations and tests without patients' films: body, lungs, ribs, heart, and the
// word PHANTOM in it. It looks like a film to a network, not to a radiologist.
#pragma once
#include <cstdint>

#include "vision/image.h"

namespace meridian::vision {

struct PhantomFilm {
  int side = 1024;         // pixels of width and height
  std::uint64_t seed = 1;  // of the small differences between two phantoms
  bool opacity = false;    // patches in the right upper zone, as tuberculosis has
};

// The same drawing for the same options. Throws invalid_value for a side outside 64 to 4096.
GreyImage draw(const PhantomFilm& phantom);

}  // namespace meridian::vision
