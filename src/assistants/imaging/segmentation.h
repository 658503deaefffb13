// What a segmenter outlines on an image.
#pragma once
#include <span>

#include "assistants/imaging/evidence.h"
#include "assistants/imaging/network.h"
#include "engine/finding.h"

namespace meridian::assistants::imaging {

// The probability of each class at each pixel of the picture, from one square or from tiles.
std::vector<vision::GreyImage> masks_on_picture(const Network::Outputs& outputs,
                                                const vision::Prepared& prepared, const Size& whole);
// Tells the class with its highest probability at any place, which is not calibrated.
void add_class(engine::Reading& reading, const Class& one, std::span<const float> probabilities);
// Adds a label map a class, and a finding with its outlines for each class that has a code.
void add_masks(engine::Reading& reading, const Description& network,
               const std::vector<vision::GreyImage>& masks);

}  // namespace meridian::assistants::imaging
