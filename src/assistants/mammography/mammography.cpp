#include "assistants/mammography/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::mammography {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("mammography",
                              {.input = {"a mammogram", "乳腺X线片"},
                               .modalities = {"MG", "OT", "SC"},
                               .body_parts = {"BREAST"},
                               .youngest = 18,
                               .smallest_side = 160},
                              imaging::follow_up("mammography"));
}

}  // namespace meridian::assistants::mammography
