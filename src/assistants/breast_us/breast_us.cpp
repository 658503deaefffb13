#include "assistants/breast_us/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/measurements.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::breast_us {
namespace {

// The classifier names the lesion, the segmenter outlines it: a lesion that is outlined is measured.
void complete(const engine::Input& input, engine::Reading& reading) {
  imaging::show_outline(reading, "lesion", {"outline of the lesion", "病灶轮廓"}, input.image->spacing);
}

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("breast_us",
                              {.input = {"a breast ultrasound picture", "乳腺超声图像"},
                               .modalities = {"US", "OT", "SC"},
                               .body_parts = {"BREAST"},
                               .youngest = 18,
                               .smallest_side = 96},
                              imaging::both(complete, imaging::follow_up("breast_us")));
}

}  // namespace meridian::assistants::breast_us
