#include "assistants/cervical_cytology/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::cervical_cytology {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("cervical_cytology",
                              {.input = {"a cell of a Pap smear", "宫颈涂片细胞"},
                               .modalities = {"GM", "SM", "XC", "OT", "SC"},
                               .body_parts = {"CERVIX", "UTERUS"},
                               .smallest_side = 24,
                               .most_white = 0.9},
                              imaging::follow_up("cervical_cytology"));
}

}  // namespace meridian::assistants::cervical_cytology
