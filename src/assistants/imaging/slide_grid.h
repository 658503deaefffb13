// The squares of a slide that a network looks at, and which of them hold tissue.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "vision/slide.h"

namespace meridian::assistants::imaging {

// Cells of one side, without gap or overlap, over the level that is read.
struct SlideGrid {
  std::size_t level = 0;
  std::int64_t width = 0, height = 0;  // pixels of that level
  double downsample = 1;
  std::optional<double> spacing;  // mm a pixel of that level
  int cell = 0;                   // pixels a side
  std::int64_t columns = 0, rows = 0;
  double tissue = 0;  // share of the slide that is tissue

  bool has_tissue(std::int64_t column, std::int64_t row) const;
  std::int64_t tissue_cells() const;

  // Of an overview of the slide: row by row, 1 where there is tissue.
  std::vector<std::uint8_t> mask;
  int mask_width = 0, mask_height = 0;
};

// The coarsest level that is fine enough, else the finest. cell: pixels.
SlideGrid lay_grid(const vision::Slide& slide, int cell);

}  // namespace meridian::assistants::imaging
