// Films made worse, to measure how readings bear it; and films as they should not come.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

using Disturbance = std::function<GreyImage(const GreyImage&)>;
// Each with a name for a table: blur, noise, darker, brighter, a few degrees off the upright. The same result
// each time.
std::vector<std::pair<std::string, Disturbance>> disturbances();
// Each channel of a picture in colour alike.
ColourImage disturbed(const ColourImage& image, const Disturbance& disturbance);

GreyImage invert(const GreyImage& image);        // black and white exchanged
GreyImage quarter_turn(const GreyImage& image);  // clockwise

}  // namespace meridian::vision
