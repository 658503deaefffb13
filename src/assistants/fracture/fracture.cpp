#include "assistants/fracture/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::fracture {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader(
      "fracture",
      {.input = {"a film of a limb", "四肢X线平片"},
       .modalities = {"CR", "DX", "RG", "RF", "OT", "SC"},
       .body_parts = {"HAND",   "WRIST", "FOREARM", "ELBOW", "ARM",       "HUMERUS",   "SHOULDER", "CLAVICLE",
                      "FINGER", "THUMB", "FOOT",    "ANKLE", "LEG",       "TIBIA",     "KNEE",     "FEMUR",
                      "HIP",    "THIGH", "TOE",     "HEEL",  "CALCANEUS", "EXTREMITY", "LIMB"},
       .smallest_side = 160,
       .brightest_edge = 0.55},
      imaging::follow_up("fracture"));
}

}  // namespace meridian::assistants::fracture
