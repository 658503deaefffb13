// The figures of graphic annotations as lines of points (PS3.3, C.10.5.1.2).
#pragma once
#include <string_view>
#include <vector>

#include "archive/presentation/presentation.h"

namespace meridian::archive {

// data: x and y of each point. POINT, POLYLINE, INTERPOLATED (a curve through its points), CIRCLE (center and
// a point on it), ELLIPSE (ends of the major, then of the minor axis). Nothing for another type, too few
// points or values that are no numbers.
std::vector<PlanePoint> figure_of(std::string_view type, const std::vector<double>& data);

}  // namespace meridian::archive
