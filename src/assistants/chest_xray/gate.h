// Is this what the card asks for: an upright frontal chest film of an adult? And where are its lungs?
#pragma once
#include <memory>
#include <optional>
#include <variant>

#include "assistants/chest_xray/lungs.h"
#include "assistants/chest_xray/refusals.h"
#include "engine/assistant.h"
#include "engine/inference/session.h"

namespace meridian::assistants::chest_xray {

constexpr double kSmallestFrontal = 0.5;  // probability of an upright frontal chest film

struct Admitted {
  Lungs lungs;
  double frontal = 0;  // the gate's probability that this is an upright frontal chest film
};

// What the DICOM attributes, the age and the pixels' numbers alone tell; nothing when they tell nothing
// against it.
std::optional<Reason> reason_before_looking(const engine::Input& input);

// The gate network's word. The session is that of models/chest_xray_gate.onnx.
std::variant<Admitted, Reason> look(const engine::Session& session, const vision::GreyImage& film);

}  // namespace meridian::assistants::chest_xray
