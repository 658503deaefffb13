// A picture too large to be held whole: levels of it, each smaller than the one before, read in parts.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "vision/image.h"

namespace meridian::vision {

struct SlideLevel {
  std::int64_t width = 0, height = 0;   // pixels
  int tile_width = 0, tile_height = 0;  // of the squares in which it is kept, and best read
  double downsample = 1;                // pixels of the first level along one of this
};

// The largest part that is read at once.
inline constexpr std::int64_t kMostRegionPixels = std::int64_t(1) << 26;

class Slide {
 public:
  virtual ~Slide() = default;
  // From the largest to the smallest; at least one.
  virtual const std::vector<SlideLevel>& levels() const = 0;
  // Millimetres a pixel of the first level, where it is known.
  virtual std::optional<double> spacing() const = 0;
  // A part of a level, left and top in its own pixels; white where there is nothing. Safe from several
  // threads. Throws invalid_value for a level that there is not, an empty part and one over
  // kMostRegionPixels; corrupted when a tile cannot be decoded.
  virtual ColourImage read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                           int height) const = 0;
};

// The whole slide, its longer side so many pixels at most: the smallest level that is large enough, read in
// parts and made smaller by the mean. Throws as read() does.
ColourImage overview(const Slide& slide, int longest_side);

// A white picture; one pasted into another, what lies beyond its edges left out.
ColourImage white(int width, int height);
void paste(ColourImage& into, const ColourImage& part, std::int64_t left, std::int64_t top);
// Another size, by the mean of the pixels that one covers.
ColourImage resize(const ColourImage& image, int width, int height);

}  // namespace meridian::vision
