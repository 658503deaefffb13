// Tuberculosis in the lungs of an admitted film.
#pragma once
#include "assistants/chest_xray/gate.h"
#include "engine/finding.h"

namespace meridian::assistants::chest_xray {

// The finding, positive or not, with its heat map, lung area and place. The session is that of
// models/chest_xray_reader.onnx.
engine::Finding read(const engine::Session& session, const vision::GreyImage& film, const Admitted& admitted,
                     double threshold);

}  // namespace meridian::assistants::chest_xray
