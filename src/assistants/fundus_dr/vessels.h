// What the vessels of the retina that were outlined measure.
#pragma once
#include "engine/assistant.h"

namespace meridian::assistants::fundus_dr {

// Adds to the first finding the share of the field of view that the label map "vessel" covers, and the
// vessels' mean calibre, in millimetres where the spacing is known, else in pixels. The field is what is not
// dark beside it; of a photograph without one no share is told. Nothing is added without a map or a finding.
void measure_vessels(const engine::Input& input, engine::Reading& reading);

}  // namespace meridian::assistants::fundus_dr
