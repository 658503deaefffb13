#include "assistants/fracture/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::fracture {
namespace {

// Beside a limb a film shows air, which is black: where the edges are brighter than the middle between black
// and white, the two are exchanged. A little more is left for limbs that reach an edge.
constexpr double kBrightestEdge = 0.55;

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader(
      "fracture",
      {.input = {"a film of a limb", "四肢X线平片"},
       .modalities = {"CR", "DX", "RG", "RF", "OT", "SC"},
       .body_parts = {"HAND",   "WRIST", "FOREARM", "ELBOW", "ARM",       "HUMERUS",   "SHOULDER", "CLAVICLE",
                      "FINGER", "THUMB", "FOOT",    "ANKLE", "LEG",       "TIBIA",     "KNEE",     "FEMUR",
                      "HIP",    "THIGH", "TOE",     "HEEL",  "CALCANEUS", "EXTREMITY", "LIMB"},
       .smallest_side = 160,
       .brightest_edge = kBrightestEdge},
      imaging::follow_up("fracture"));
}

}  // namespace meridian::assistants::fracture
