#include "assistants/volume_segmentation/assistant.h"

#include "assistants/imaging/reader.h"

namespace meridian::assistants::volume_segmentation {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("volume_segmentation",
                              {.input = {"an MR volume of the hippocampus", "海马区MR容积"},
                               .modalities = {"MR", "OT"},
                               .body_parts = {"HEAD", "BRAIN", "SKULL", "HIPPOCAMPUS"}});
}

}  // namespace meridian::assistants::volume_segmentation
