#include "assistants/chest_pneumonia/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::chest_pneumonia {
namespace {

// Around a child's chest a film shows air, arms and the soft shadow of the belly; all edges together are no
// brighter than the middle between black and white, unless the two are exchanged. A little more is left for
// children who fill the film.
constexpr double kBrightestEdge = 0.55;

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("chest_pneumonia",
                              {.input = {"a frontal chest film of a child", "儿童正位胸片"},
                               .modalities = {"CR", "DX", "RG", "RF", "OT", "SC"},
                               .body_parts = {"CHEST", "THORAX", "LUNG", "RIB"},
                               .other_views = {"LL", "RL", "LATERAL", "LLO", "RLO"},
                               .youngest = 1,
                               .oldest = 6,
                               .smallest_side = 160,
                               .brightest_edge = kBrightestEdge},
                              imaging::follow_up("chest_pneumonia"));
}

}  // namespace meridian::assistants::chest_pneumonia
