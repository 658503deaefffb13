#include "archive/jpeg_header.h"

#include <cstdint>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint8_t kMarker = 0xFF, kStartOfImage = 0xD8;
constexpr std::uint8_t kHuffmanTables = 0xC4, kExtension = 0xC8, kArithmeticConditioning = 0xCC;

bool is_frame_header(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != kHuffmanTables && marker != kExtension &&
         marker != kArithmeticConditioning;
}

// Tables and miscellaneous segments: these have a length and may precede a frame header.
bool may_precede_frame(std::uint8_t marker) {
  constexpr std::uint8_t kQuantization = 0xDB, kRestartInterval = 0xDD, kComment = 0xFE;
  return marker == kHuffmanTables || marker == kArithmeticConditioning || marker == kQuantization ||
         marker == kRestartInterval || marker == kComment || (marker >= 0xE0 && marker <= 0xEF);
}

}  // namespace

void require_jpeg_frame_header(std::string_view jpeg) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(jpeg[at]); };
  std::size_t at = 0;
  if (jpeg.size() >= 2 && byte(0) == kMarker && byte(1) == kStartOfImage) at = 2;
  while (at > 0 && at + 4 <= jpeg.size() && byte(at) == kMarker) {
    const std::uint8_t marker = byte(at + 1);
    if (is_frame_header(marker)) return;
    if (marker == kMarker) {  // a fill byte
      ++at;
      continue;
    }
    const std::size_t length = std::size_t(byte(at + 2)) << 8 | byte(at + 3);
    if (!may_precede_frame(marker) || length < 2) break;
    at += 2 + length;
  }
  throw Error(ErrorCode::corrupted, "The frame cannot be decoded: no JPEG frame header is found");
}

}  // namespace meridian::archive
