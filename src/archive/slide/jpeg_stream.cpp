#include "archive/slide/jpeg_stream.h"

#include <cstdint>

#include "archive/jpeg_header.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kStart = "\xFF\xD8", kEnd = "\xFF\xD9";

void require_start(std::string_view jpeg) {
  if (!jpeg.starts_with(kStart)) throw Error(ErrorCode::corrupted, "A tile does not begin as JPEG does");
}

}  // namespace

JpegFrame read_jpeg_frame(std::string_view jpeg) {
  require_jpeg_frame_header(jpeg);  // which also bears out the lengths on the way there
  const auto byte = [&](std::size_t at) -> int {
    return at < jpeg.size() ? static_cast<unsigned char>(jpeg[at]) : 0;
  };
  constexpr int kJfif = 0xE0, kAdobe = 0xEE, kBaseline = 0xC0, kLastFrame = 0xCF, kTables = 0xC4;
  JpegFrame frame;
  for (std::size_t at = 2; at + 4 <= jpeg.size();) {
    const int marker = byte(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const std::string_view content = jpeg.substr(at + 4);
    if (marker == kJfif && content.starts_with("JFIF")) frame.tells_colours = true;
    if (marker == kAdobe && content.starts_with("Adobe")) frame.tells_colours = true;
    if (marker >= kBaseline && marker <= kLastFrame && marker != kTables) {
      frame.baseline = marker == kBaseline && byte(at + 4) == 8;
      frame.height = byte(at + 5) << 8 | byte(at + 6);
      frame.width = byte(at + 7) << 8 | byte(at + 8);
      frame.components = byte(at + 9);
      return frame;
    }
    at += 2 + (static_cast<std::size_t>(byte(at + 2)) << 8 | static_cast<std::size_t>(byte(at + 3)));
  }
  return frame;
}

std::string with_jpeg_tables(std::string_view jpeg, std::string_view tables) {
  require_start(jpeg);
  if (tables.empty()) return std::string(jpeg);
  require_start(tables);
  if (tables.ends_with(kEnd)) tables.remove_suffix(kEnd.size());
  std::string whole(tables);
  whole.append(jpeg.substr(kStart.size()));
  return whole;
}

std::string marked_as_rgb(std::string_view jpeg) {
  require_start(jpeg);
  // Version 100, no flags, no transform (Adobe Technical Note 5116).
  constexpr std::string_view kMarker(
      "\xFF\xEE\x00\x0E"
      "Adobe"
      "\x00\x64\x00\x00\x00\x00\x00",
      16);
  std::string marked(kStart);
  marked.append(kMarker);
  marked.append(jpeg.substr(kStart.size()));
  return marked;
}

}  // namespace meridian::archive
