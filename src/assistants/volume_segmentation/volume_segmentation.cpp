#include "assistants/volume_segmentation/assistant.h"

#include "assistants/imaging/reader.h"

namespace meridian::assistants::volume_segmentation {

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("volume_segmentation",
                              {.input = {"an MR volume of the hippocampus", "海马区MR容积"},
                               .modalities = {"MR", "OT"},
                               .body_parts = {"HEAD", "BRAIN", "SKULL", "HIPPOCAMPUS"},
                               .volume = imaging::VolumeKind{.smallest_side = 20,
                                                             .largest_side = 72,
                                                             .finest = 0.8,
                                                             .coarsest = 1.25,
                                                             .least_filled = 0.9,
                                                             .least_likeness = 0.7,
                                                             .most_likeness = 0.97,
                                                             .least_variation = 0.25,
                                                             .most_variation = 0.7}});
}

}  // namespace meridian::assistants::volume_segmentation
