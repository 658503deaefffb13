#include "assistants/head_ct/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::head_ct {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("head_ct",
                              {.input = {"an axial slice of head CT", "头颅CT轴位层面"},
                               .modalities = {"CT", "OT", "SC"},
                               .body_parts = {"HEAD", "BRAIN", "SKULL"},
                               .youngest = 18,
                               .smallest_side = 96,
                               .window = imaging::Window{40, 80}},
                              imaging::follow_up("head_ct"));
}

}  // namespace meridian::assistants::head_ct
