// Plain numbers by which a picture is told from one of another kind. They look at grey values and hues, not
// at what is shown: a number within the limits of a kind speaks against nothing, and proves nothing. Each
// takes a picture of any size, an empty one too.
#pragma once
#include <optional>

#include "vision/image.h"

namespace meridian::vision {

// The median grey of the outer twenty-fifth on all sides: of a film, the air beside the body. 0 of no pixels.
double edge_brightness(const GreyImage& image);

// Of the pixels that are coloured at all, the share whose hue is one of haematoxylin and eosin, from blue
// over violet to pink (230 to 355 degrees); nothing when fewer than a twentieth are coloured.
std::optional<double> stain_share(const ColourImage& image);

struct VolumeAppearance {
  double filled = 0;     // share of the voxels above 0
  double likeness = 0;   // correlation of neighbours, the mean of the three directions
  double variation = 0;  // standard deviation over the mean, of the voxels above 0
};
// Zeros for a volume that has fewer than two voxels along a side, or none above 0; likeness and variation are
// 0 of one that is flat.
VolumeAppearance appearance(const Volume& volume);

}  // namespace meridian::vision
