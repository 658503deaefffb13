// Why a film is not analysed, in words for the clinic.
#pragma once
#include "engine/finding.h"

namespace meridian::assistants::chest_xray {

// In the order in which they are looked for.
enum class Reason {
  too_small,
  blank,
  other_modality,
  other_body_part,
  lateral_view,
  child,
  not_a_chest_film,
  inverted,
  turned,
  lungs_not_found
};

engine::Refusal refusal(Reason reason);

}  // namespace meridian::assistants::chest_xray
