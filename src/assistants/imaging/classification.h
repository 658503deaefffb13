// What a classifier says of an image.
#pragma once
#include "assistants/imaging/evidence.h"
#include "assistants/imaging/network.h"
#include "engine/finding.h"

namespace meridian::assistants::imaging {

// Adds every class's probability, and a finding for each class that is reported or was looked for in vain, as
// decision 0007 says which.
void add_classes(engine::Reading& reading, const Description& network, const Network::Outputs& outputs,
                 const vision::Prepared& prepared, const Size& whole);

}  // namespace meridian::assistants::imaging
