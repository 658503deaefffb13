// Films made worse, to measure how readings bear it; and films as they should not come.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

// Each with a name for a table: blur, noise, darker, brighter, a few degrees off the upright. The same result
// each time.
std::vector<std::pair<std::string, std::function<GreyImage(const GreyImage&)>>> disturbances();

GreyImage invert(const GreyImage& image);        // black and white exchanged
GreyImage quarter_turn(const GreyImage& image);  // clockwise

}  // namespace meridian::vision
