#include "assistants/volume_segmentation/assistant.h"

#include "assistants/imaging/reader.h"

namespace meridian::assistants::volume_segmentation {
namespace {

// A hippocampus is some 45 mm long and 15 mm high and wide; cut out with what lies around it, at voxels of
// about 1 mm, it is 20 to 72 voxels a side. Within the head every voxel has a signal. Tissue goes on from
// voxel to voxel, but an MR picture has noise: less likeness is noise alone, more a drawing or a blurred
// picture. T1 tells grey and white matter and fluid apart: less variation is tissue of one kind, more holds
// bone or air.
constexpr imaging::VolumeKind kHippocampus{.smallest_side = 20,
                                           .largest_side = 72,
                                           .finest = 0.8,
                                           .coarsest = 1.25,
                                           .least_filled = 0.9,
                                           .least_likeness = 0.7,
                                           .most_likeness = 0.97,
                                           .least_variation = 0.25,
                                           .most_variation = 0.7};

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("volume_segmentation",
                              {.input = {"an MR volume of the hippocampus", "海马区MR容积"},
                               .modalities = {"MR", "OT"},
                               .body_parts = {"HEAD", "BRAIN", "SKULL", "HIPPOCAMPUS"},
                               .volume = kHippocampus});
}

}  // namespace meridian::assistants::volume_segmentation
