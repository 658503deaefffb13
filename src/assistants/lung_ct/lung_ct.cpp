#include "assistants/lung_ct/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::lung_ct {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("lung_ct",
                              {.input = {"an axial slice of chest CT", "胸部CT轴位层面"},
                               .modalities = {"CT", "OT", "SC"},
                               .body_parts = {"CHEST", "THORAX", "LUNG"},
                               .youngest = 18,
                               .smallest_side = 128},
                              imaging::follow_up("lung_ct"));
}

}  // namespace meridian::assistants::lung_ct
