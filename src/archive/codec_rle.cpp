// RLE as PS3.5, G defines it. Written here because DCMTK's decoder reads beyond the frame when a segment's
// offset lies.
#include <fmt/format.h>

#include <array>
#include <cstring>

#include "archive/bytes.h"
#include "archive/codecs.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kHeader = 64;  // the number of segments and 15 offsets
constexpr std::size_t kMostSegments = 15;

[[noreturn]] void fail(const std::string& why) {
  throw Error(ErrorCode::corrupted, "The frame cannot be decoded: " + why);
}

// Unpacks one byte plane into every stride-th byte of the samples (G.3.2).
void unpack_segment(std::string_view segment, char* out, std::size_t count, std::size_t stride) {
  std::size_t at = 0, done = 0;
  while (done < count) {
    if (at >= segment.size()) fail("an RLE segment is too short");
    const auto control = static_cast<signed char>(segment[at++]);
    if (control == -128) continue;
    const bool literal = control >= 0;
    const std::size_t length = std::min<std::size_t>(literal ? control + 1 : 1 - control, count - done);
    if ((literal ? length : 1) > segment.size() - at) fail("an RLE segment is too short");
    for (std::size_t i = 0; i < length; ++i) out[(done + i) * stride] = segment[literal ? at + i : at];
    at += literal ? length : 1;
    done += length;
  }
}

std::string_view segment_of(std::string_view stored, std::size_t index, std::size_t segments) {
  const std::size_t begin = read_u32(stored, 4 + index * 4, false);
  const std::size_t end = index + 1 < segments ? read_u32(stored, 8 + index * 4, false) : stored.size();
  if (begin < kHeader || end > stored.size() || begin > end) fail("an RLE segment lies outside the frame");
  return stored.substr(begin, end - begin);
}

}  // namespace

DecodedFrame decode_rle(const PixelFormat& format, std::string_view stored) {
  const std::size_t width = static_cast<std::size_t>(format.bits_allocated) / 8;  // bytes of a sample
  const std::size_t segments = width * static_cast<std::size_t>(format.samples);
  if (stored.size() < kHeader || read_u32(stored, 0, false) != segments || segments > kMostSegments)
    fail(fmt::format("its RLE header does not have the {} segments that are expected", segments));
  const std::size_t pixels = std::size_t(format.rows) * format.columns;
  DecodedFrame frame{format, std::string(pixels * segments, '\0')};
  frame.format.by_plane = false;
  for (std::size_t i = 0; i < segments; ++i) {
    // Segments go sample by sample, the most significant byte first.
    const std::size_t sample = i / width, byte = width - 1 - i % width;
    unpack_segment(segment_of(stored, i, segments), frame.samples.data() + sample * width + byte, pixels,
                   segments);
  }
  return frame;
}

}  // namespace meridian::archive
