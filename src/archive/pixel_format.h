// What the bytes of a frame mean (PS3.3, C.7.6.3).
#pragma once
#include <cstdint>
#include <string>

#include "archive/elements.h"

namespace meridian::archive {

struct PixelFormat {
  int rows = 0, columns = 0, frames = 1;
  int samples = 1;                          // per pixel
  int bits_allocated = 0, bits_stored = 0;  // per sample
  bool is_signed = false, by_plane = false;
  bool is_float = false;    // float (32) or double float (64) pixel data
  std::string photometric;  // "MONOCHROME2", ...

  // Whether the numbers are ones that PS3.3 and PS3.5 allow together.
  bool is_valid() const;
  std::uint64_t frame_bits() const;       // of a native frame
  std::uint64_t frame_size() const;       // bytes, the last one filled up
  std::uint64_t all_frames_size() const;  // bytes, frames of single bits following each other without a gap
};

// pixel_tag: of the element that holds the pixels, (7FE0,0008), (7FE0,0009) or (7FE0,0010).
PixelFormat read_pixel_format(const Elements& header, std::uint32_t pixel_tag);

}  // namespace meridian::archive
