#include "archive/pixel_format.h"

#include <algorithm>

namespace meridian::archive {

bool PixelFormat::is_valid() const {
  const bool whole_bytes =
      bits_allocated % 8 == 0 && bits_allocated > 0 && bits_allocated <= (is_float ? 64 : 32);
  const bool allocated = whole_bytes || bits_allocated == 1;
  const bool stored = bits_stored > 0 && bits_stored <= bits_allocated;
  return rows > 0 && columns > 0 && frames > 0 && allocated && stored && samples >= 1 && samples <= 4;
}

std::uint64_t PixelFormat::frame_bits() const {
  if (photometric == "YBR_FULL_422" && samples == 3)  // two pixels share their colour (C.7.6.3.1.2)
    return std::uint64_t(rows) * columns * 2 * bits_allocated;
  return std::uint64_t(rows) * columns * samples * bits_allocated;
}

std::uint64_t PixelFormat::frame_size() const {
  return (frame_bits() + 7) / 8;
}

std::uint64_t PixelFormat::all_frames_size() const {
  return (frame_bits() * frames + 7) / 8;
}

PixelFormat read_pixel_format(const Elements& header, std::uint32_t pixel_tag) {
  PixelFormat format;
  format.rows = header.short_number(0x00280010).value_or(0);
  format.columns = header.short_number(0x00280011).value_or(0);
  format.frames = std::max(1, header.integer_string(0x00280008).value_or(1));
  format.samples = header.short_number(0x00280002).value_or(1);
  format.bits_allocated = header.short_number(0x00280100).value_or(0);
  format.bits_stored = header.short_number(0x00280101).value_or(format.bits_allocated);
  format.is_signed = header.short_number(0x00280103).value_or(0) == 1;
  format.by_plane = header.short_number(0x00280006).value_or(0) == 1;
  format.photometric = header.first(0x00280004);
  if (pixel_tag == kFloatPixelData || pixel_tag == kDoubleFloatPixelData) {
    format.is_float = true;
    format.bits_stored = format.bits_allocated = pixel_tag == kFloatPixelData ? 32 : 64;
  }
  return format;
}

}  // namespace meridian::archive
