// Which part of a slide an instance of VL Whole Slide Microscopy Image Storage holds (PS3.3 A.32.8), and
// where each of its frames lies.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/instance.h"
#include "archive/stored_image.h"

namespace meridian::archive {

inline constexpr std::string_view kWholeSlideStorage = "1.2.840.10008.5.1.4.1.1.77.1.6";

bool is_whole_slide(const InstanceFacts& facts);

// The third value of Image Type (PS3.3 C.8.12.4.1.1).
enum class SlideFlavour { volume, label, overview, thumbnail };

// Frames one after the other that lie in squares one after the other, row by row.
struct FrameRun {
  std::uint64_t first_tile = 0;
  std::uint32_t first_frame = 1, count = 0;  // frames count from 1
};

struct SlideFrames {
  SlideFlavour flavour = SlideFlavour::volume;
  std::int64_t width = 0, height = 0;  // pixels of the whole level
  int tile_width = 0, tile_height = 0;
  std::optional<double> spacing;  // mm a pixel
  std::string container;          // Container Identifier: what the slide is called; may be empty
  bool shows_label = false;       // Specimen Label in Image
  std::vector<FrameRun> runs;     // of the first optical path and focal plane; by their tiles

  std::int64_t across() const { return (width + tile_width - 1) / tile_width; }
  std::int64_t down() const { return (height + tile_height - 1) / tile_height; }
};

// Throws invalid_structure when the instance does not say how large the slide is, and not_supported when its
// frames do not lie in a grid of their own size.
SlideFrames read_slide_frames(const StoredImage& image);

// Whether a file is an instance of a slide that shows its label, on which a name may stand: such pictures are
// not given to research. Throws what parse_instance and read_slide_frames throw.
bool shows_slide_label(const std::string& file);

}  // namespace meridian::archive
