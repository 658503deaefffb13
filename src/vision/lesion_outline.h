// What the outline of a lesion on ultrasound says of it, beside its grey: the descriptors of BI-RADS (ACR
// BI-RADS Atlas, 5th edition, 2013) as numbers.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

struct LesionOutline {
  // What the largest area and the ellipse that fits its border best cover both, of what either covers: 1 is
  // an oval.
  double oval = 0;
  // The length of the border's convex hull by that of the border: 1 has no bay and no spicule.
  double smooth = 0;
  // Extent along the beam (rows) by extent across it (columns): more than 1 is taller than wide.
  double tall = 0;
  // Mean grey behind it by that beside it at the same depth: well below 1 is a shadow. Nothing where the
  // picture ends too soon.
  std::optional<double> behind;
};

// Of the largest area of the mask (row by row, not 0 inside; neighbours share a side) on its picture, of the
// same size. Nothing for areas of fewer than 64 pixels.
std::optional<LesionOutline> lesion_outline(const std::vector<std::uint8_t>& mask, const GreyImage& picture);

}  // namespace meridian::vision
