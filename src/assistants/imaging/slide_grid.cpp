#include "assistants/imaging/slide_grid.h"

#include <algorithm>

#include "assistants/imaging/slide_reading.h"
#include "vision/tissue.h"

namespace meridian::assistants::imaging {
namespace {

constexpr int kOverviewSide = 2048;  // pixels

std::size_t level_to_read(const vision::Slide& slide) {
  const std::optional<double> spacing = slide.spacing();
  if (!spacing) return 0;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < slide.levels().size(); ++i)
    if (*spacing * slide.levels()[i].downsample <= kCoarsest) chosen = i;
  // A level that is finer than any network knows, with none between: it is the better one all the same.
  return chosen;
}

}  // namespace

bool SlideGrid::has_tissue(std::int64_t column, std::int64_t row) const {
  const auto place = [&](std::int64_t at, std::int64_t whole, int small) {
    return static_cast<int>(std::clamp<std::int64_t>(at * small / whole, 0, small - 1));
  };
  const int left = place(column * cell, width, mask_width),
            right = place((column + 1) * cell - 1, width, mask_width);
  const int top = place(row * cell, height, mask_height),
            bottom = place((row + 1) * cell - 1, height, mask_height);
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x)
      if (mask[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask_width) +
               static_cast<std::size_t>(x)])
        return true;
  return false;
}

std::int64_t SlideGrid::tissue_cells() const {
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < columns; ++column) count += has_tissue(column, row);
  return count;
}

SlideGrid lay_grid(const vision::Slide& slide, int cell) {
  SlideGrid grid;
  grid.level = level_to_read(slide);
  const vision::SlideLevel& level = slide.levels()[grid.level];
  grid.width = level.width;
  grid.height = level.height;
  grid.downsample = level.downsample;
  if (slide.spacing()) grid.spacing = *slide.spacing() * level.downsample;
  grid.cell = cell;
  grid.columns = (level.width + cell - 1) / cell;
  grid.rows = (level.height + cell - 1) / cell;
  const vision::ColourImage seen = vision::overview(slide, kOverviewSide);
  grid.mask = vision::find_tissue(seen);
  grid.mask_width = seen.width;
  grid.mask_height = seen.height;
  grid.tissue = static_cast<double>(std::ranges::count(grid.mask, 1)) / static_cast<double>(grid.mask.size());
  return grid;
}

}  // namespace meridian::assistants::imaging
