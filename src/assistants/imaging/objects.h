// Objects that touch each other, told apart by their seeds: decision 0007.
#pragma once
#include "assistants/imaging/network.h"
#include "engine/finding.h"

namespace meridian::assistants::imaging {

// Adds a label map that counts the objects, and a finding with their number where the class of the mask has a
// code. masks: of all the network's classes.
void add_objects(engine::Reading& reading, const Description& network,
                 const std::vector<vision::GreyImage>& masks);

}  // namespace meridian::assistants::imaging
