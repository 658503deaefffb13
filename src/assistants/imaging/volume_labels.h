// What a network outlines in a volume.
#pragma once
#include "assistants/imaging/network.h"
#include "engine/finding.h"

namespace meridian::assistants::imaging {

// Adds one label map of all classes (each voxel the likeliest above its threshold), and a finding with its
// volume in millilitres for each class that has a code.
void add_volume_labels(engine::Reading& reading, const Description& network, const Network::Outputs& outputs,
                       const vision::Volume& volume);

}  // namespace meridian::assistants::imaging
