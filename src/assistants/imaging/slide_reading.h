// A whole slide, read by a network that outlines objects in squares: every square of its tissue, its objects
// counted once, and where they are densest. Memory stays the same however large the slide is; what was read
// is kept band by band (engine/long_run.h).
#pragma once
#include "assistants/imaging/network.h"
#include "engine/assistant.h"

namespace meridian::assistants::imaging {

// Millimetres a pixel: the coarsest level that is preferred, a magnification of about 20, and from where on a
// slide is refused.
inline constexpr double kCoarsest = 0.0006, kTooCoarse = 0.001;

// Adds a finding with the number of objects, their density and median area where the slide tells the size of
// a pixel, a heat map of the density, and the densest places; or refuses it: nothing is stained, or no level
// is fine enough. Throws what the slide and the network throw, and what LongRun::keep throws.
engine::Reading read_slide(const Network& network, const engine::Input& input);

}  // namespace meridian::assistants::imaging
