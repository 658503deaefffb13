#include "assistants/fundus_dr/assistant.h"

#include "assistants/fundus_dr/vessels.h"
#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::fundus_dr {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("fundus_dr",
                              {.input = {"a colour photograph of the fundus", "眼底彩色照片"},
                               .modalities = {"OP", "XC", "OT", "SC"},
                               .body_parts = {"EYE", "RETINA", "FUNDUS"},
                               .youngest = 18,
                               .smallest_side = 300,
                               .most_white = 0.2},
                              imaging::both(measure_vessels, imaging::follow_up("fundus_dr")));
}

}  // namespace meridian::assistants::fundus_dr
